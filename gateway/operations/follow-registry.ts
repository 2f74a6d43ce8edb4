import type { Log } from '#kit/log'
import type { Pool } from '#kit/postgres'
import { type Listening, listening } from '../listen.ts'
import type { LiveRegistry } from './live-registry.ts'

type Deps = {
  readonly registry: Pick<LiveRegistry, 'look'>
  readonly sql: Pick<Pool, 'listen'>
  readonly log: Log
}

const channel = 'operation_changed'
/** A line can be dead without anybody noticing: what was told on it is found a little later. */
const lookEveryMs = 5_000
/** Requests are better answered in part than not at all. */
const startMsMax = 10_000

/**
 * Follows what is published. `start` resolves when all of it is served, or the database is out of
 * reach, or that takes too long; the rest follows.
 */
export function followRegistry({ registry, sql, log }: Deps): Listening {
  const look = () => void registry.look()
  const line = listening({ sql, log, channel, onTold: look, onConnected: look })
  let timer: ReturnType<typeof setInterval> | undefined
  return {
    start: async () => {
      await line.start()
      await atMost(startMsMax, registry.look())
      timer = setInterval(look, lookEveryMs)
    },
    stop: async () => {
      clearInterval(timer)
      await line.stop()
    },
  }
}

/** Resolves with the work, or without it after so long. */
async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  await Promise.race([work, promise])
  clearTimeout(timer)
}
