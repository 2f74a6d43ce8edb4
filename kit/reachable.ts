import type { Log } from './log.ts'
import { pause } from './pause.ts'
import type { Pool } from './postgres.ts'

/** Nobody listens there, or not yet: 57P03 is a server that is still starting. */
const notYet = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENOTFOUND', 'ETIMEDOUT'],
  ...['CONNECT_TIMEOUT', 'CONNECTION_CLOSED', '57P03'],
])

const isNotYet = (error: unknown) =>
  error instanceof Error && 'code' in error && notYet.has(String(error.code))

/**
 * Resolves when PostgreSQL answers: it may start after us. What waiting does not mend, such as a
 * wrong password, is thrown; so is the end of the pool.
 */
export async function untilReachable(sql: Pool, log: Log, everyMs = 500): Promise<void> {
  for (let isTold = false; ; isTold = true) {
    try {
      await sql`select 1`
      return
    } catch (error) {
      if (!isNotYet(error)) throw error
      if (!isTold) log.warn('PostgreSQL does not answer yet; waiting for it')
      await pause(everyMs, new AbortController().signal)
    }
  }
}
