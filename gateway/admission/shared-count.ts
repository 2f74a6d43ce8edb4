import type { Log } from '#kit/log'
import type { Draw, Drawn, RateBuckets } from './bucket.ts'

const usualPatienceMs = 500

type Options = {
  readonly buckets: RateBuckets
  readonly log: Log
  /** Then the shared count is taken for out of reach. */
  readonly patienceMs?: number | undefined
}

/** The count that all instances share. Null while it is out of reach. */
export type SharedCount = (key: string, draw: Draw) => Promise<Drawn | null>

/** The log tells when it goes out of reach, and when it is back. */
export function createSharedCount({
  buckets,
  log,
  patienceMs = usualPatienceMs,
}: Options): SharedCount {
  let isAway = false
  const tell = (nowAway: boolean, error?: unknown) => {
    if (nowAway === isAway) return
    isAway = nowAway
    if (nowAway) log.warn('The shared count of points is away: each instance counts alone', error)
    else log.info('The shared count of points is back')
  }
  return async (key, draw) => {
    try {
      const result = await inTime(buckets.draw(key, draw), patienceMs)
      tell(false)
      return result
    } catch (error) {
      tell(true, error)
      return null
    }
  }
}

async function inTime<Result>(work: Promise<Result>, patienceMs: number): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`No answer in ${patienceMs} ms.`)), patienceMs)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
