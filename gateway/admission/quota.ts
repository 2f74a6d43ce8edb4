import { GraphQLError } from 'graphql'
import type { Log } from '#kit/log'
import type { ErrorCode } from '#schema/errors'
import type { Exchange } from '../exchange.ts'
import { type Draw, type Drawn, drawFrom, levelOf, type RateBuckets } from './bucket.ts'

/** Counts the request; throws RATE_LIMITED when its caller has used up what a minute allows. */
export type Quota = (exchange: Exchange) => Promise<void>

export type QuotaDeps = {
  readonly buckets: RateBuckets
  /** The OAuth client that the platform's own pages sign in with: its people are no program. */
  readonly webClientId: string
  readonly log: Log
  readonly now: () => Date
}

/** For a program whose token names no limit: a provider of another make. */
const usualLimit = 600

/** Then the shared count is taken for out of reach. */
const patienceMs = 500

/**
 * The limit of a partner's program, over all instances. While the shared count is out of reach each
 * instance counts for itself: the limit is there for fairness, and a count that is away must not be
 * an outage of its own. Who is over the limit is refused here, without asking the shared count.
 */
export function createQuota({ buckets, webClientId, log, now }: QuotaDeps): Quota {
  // As it was when this instance last saw it, one for each program. Others only draw more from it.
  const seen = new Map<string, number>()
  const shared = createWatched(buckets, log)
  const drawn = async (key: string, draw: Draw): Promise<Drawn> => {
    const own = drawFrom(seen.get(key) ?? null, draw)
    // Before the shared count answers: of a thousand at once only as many ask it as may pass.
    seen.set(key, own.fullAt)
    const told = own.isTaken ? await shared(key, draw) : null
    if (!told) return own
    // One that was let through may be answered late: others have reserved theirs since.
    seen.set(key, told.isTaken ? Math.max(told.fullAt, seen.get(key) ?? 0) : told.fullAt)
    return told
  }
  return async (exchange) => {
    const { credential, clientId, responseHeaders } = exchange
    if (credential !== 'bearer' || clientId === null || clientId === webClientId) return
    const draw = { limit: exchange.rateLimitPerMinute ?? usualLimit, now: now() }
    const { isTaken, fullAt } = await drawn(clientId, draw)
    const level = levelOf({ fullAt }, draw)
    // Source: draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4.
    responseHeaders.set('ratelimit-policy', `"client";q=${draw.limit};w=60`)
    responseHeaders.set('ratelimit', `"client";r=${level.left};t=${level.secondsToFull}`)
    if (!isTaken) throw tooMany(draw.limit, level.secondsToOne)
  }
}

/** Null while the shared count is out of reach; the log tells when that begins and ends. */
function createWatched(buckets: RateBuckets, log: Log) {
  let isAway = false
  const tell = (nowAway: boolean, error?: unknown) => {
    if (nowAway === isAway) return
    isAway = nowAway
    if (nowAway) log.warn('The shared count of requests is away: each instance counts alone', error)
    else log.info('The shared count of requests is back')
  }
  return async (key: string, draw: Draw): Promise<Drawn | null> => {
    try {
      const result = await inTime(buckets.draw(key, draw))
      tell(false)
      return result
    } catch (error) {
      tell(true, error)
      return null
    }
  }
}

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`No answer in ${patienceMs} ms.`)), patienceMs)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}

const tooMany = (limit: number, seconds: number) =>
  new GraphQLError(`This program may send ${limit} requests a minute. Wait ${seconds} s.`, {
    extensions: {
      code: 'RATE_LIMITED' satisfies ErrorCode,
      http: { headers: { 'retry-after': String(seconds) } },
    },
  })
