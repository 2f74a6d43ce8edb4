import type { Log } from '#kit/log'
import { database, type Pool, systemContext } from '#kit/postgres'
import { endOverdueHolds } from './events.ts'
import { withRetry } from './retry.ts'

type Options = { sql: Pool; log: Log; now: () => Date; everyMs: number }

/**
 * Ends overdue holds that nobody competes for, so that their end is told. No decision waits for it: whoever wants
 * such a slot ends the hold in the same transaction.
 */
export function startHoldSweep({ sql, log, now, everyMs }: Options) {
  const db = database(sql, systemContext)
  let running: Promise<unknown> = Promise.resolve()
  const sweep = () =>
    withRetry(() => db.write((tx) => endOverdueHolds(tx, now(), null))).catch((error: unknown) =>
      log.warn('Overdue holds were not ended; trying again', error),
    )
  const timer = setInterval(() => {
    running = running.then(sweep)
  }, everyMs)
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}
