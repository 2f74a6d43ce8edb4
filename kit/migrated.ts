import type { Log } from './log.ts'
import { pause } from './pause.ts'
import type { Pool } from './postgres.ts'

type Wanted = {
  readonly service: string
  /** The number of the newest migration that this release comes with; 0 needs none. */
  readonly number: number
}

/** Nobody listens there, or not yet: 57P03 is a server that is still starting. */
const notYet = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENOTFOUND', 'ETIMEDOUT'],
  ...['CONNECT_TIMEOUT', 'CONNECTION_CLOSED', '57P03'],
])

/**
 * What a database says that the platform's roles, schemas and tables are still to come to. A wrong
 * password is told from a role that is not there by nobody but the server.
 */
const toCome = new Set(['3D000', '3F000', '28000', '28P01', '42501', '42P01'])

const has = (codes: ReadonlySet<string>, error: unknown) =>
  error instanceof Error && 'code' in error && codes.has(String(error.code))

/**
 * Resolves when PostgreSQL answers and has the migrations of this release: it may start after us,
 * and be migrated later still. A schema that is further on is good: changes only expand it. What
 * waiting does not mend is thrown; so is the end of the pool.
 */
export async function untilMigrated(
  sql: Pool,
  { service, number }: Wanted,
  { log, everyMs = 500 }: { log: Log; everyMs?: number },
): Promise<void> {
  let told = ''
  const tell = (what: string, cause?: unknown) => {
    if (told !== what) log.warn(what, cause)
    told = what
  }
  for (;;) {
    try {
      const current = await newestOf(sql, service)
      if (current >= number) return
      tell(`The database is at migration ${current}; waiting for ${number}`)
    } catch (error) {
      if (has(notYet, error)) tell('PostgreSQL does not answer yet; waiting for it')
      else if (has(toCome, error)) tell('PostgreSQL does not know this service yet; waiting', error)
      else throw error
    }
    await pause(everyMs, new AbortController().signal)
  }
}

async function newestOf(sql: Pool, service: string): Promise<number> {
  const [row] = await sql<{ number: number }[]>`
    select coalesce(max(number), 0) number
    from ${sql(`${service}.migration`)}`
  return row?.number ?? 0
}
