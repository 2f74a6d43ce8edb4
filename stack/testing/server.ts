import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { connect, type Pool } from '#kit/postgres'
import { withFileLock } from '../file-lock.ts'
import { freePort } from '../ports.ts'
import { type Postgres, startPostgres } from '../postgres.ts'

const home = resolve(import.meta.dir, '../../.plexus/test')

/** Each test run keeps one connection of this name open: the last run to leave stops the server. */
const presence = 'plexus-test-run'

type TestServer = {
  readonly adminUrl: string
  /** Runs `work` while no other test run of this checkout prepares anything. */
  exclusively<T>(work: () => Promise<T>): Promise<T>
  /** Stops the server unless another test run still uses it. */
  leave(): Promise<void>
}

let joined: Promise<TestServer> | null = null

/**
 * The PostgreSQL that all test runs of this checkout share; started by the first test that asks for
 * it.
 */
export function testServer(): Promise<TestServer> {
  joined ??= join()
  return joined
}

/** Uses a server that the caller of the tests keeps running. */
export function joinTestServer(adminUrl: string) {
  joined = Promise.resolve({ adminUrl, exclusively, leave: async () => {} })
}

/** Stops the shared server when this run had started to use it and no other run does. */
export async function leaveTestServer() {
  const server = await joined
  joined = null
  await server?.leave()
}

const exclusively = async <T>(work: () => Promise<T>): Promise<T> => {
  await mkdir(home, { recursive: true })
  return withFileLock(`${home}/lock`, work)
}

const join = () =>
  exclusively(async () => {
    const postgres = await start()
    const sql = connect({ url: postgres.adminUrl, service: presence, max: 1, idleTimeoutS: 0 })
    if ((await otherRuns(sql)) === 0) await dropLeftovers(sql)
    return {
      adminUrl: postgres.adminUrl,
      exclusively,
      leave: () =>
        exclusively(async () => {
          const isLast = (await otherRuns(sql)) === 0
          await sql.end()
          if (isLast) await postgres.stop()
        }),
    }
  })

async function start(): Promise<Postgres> {
  const portFile = `${home}/port`
  const dataDir = `${home}/postgres`
  const known = existsSync(portFile) ? Number(await readFile(portFile, 'utf8')) : await freePort()
  const options = { dataDir, durable: false }
  try {
    return await startPostgres({ ...options, port: known })
  } catch {
    const port = await freePort()
    await writeFile(portFile, String(port))
    return await startPostgres({ ...options, port })
  } finally {
    if (!existsSync(portFile)) await writeFile(portFile, String(known))
  }
}

async function otherRuns(sql: Pool): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)
    from pg_stat_activity
    where application_name = ${presence} and pid <> pg_backend_pid()`
  return row?.count ?? 0
}

/**
 * What a run that was killed could not drop, and all but the newest templates: migrations have
 * changed since.
 */
async function dropLeftovers(sql: Pool) {
  const leftovers = await sql<{ datname: string }[]>`
    select datname
    from pg_database
    where datname like 'plexus\\_test\\_%'
    union all
    (select datname
    from pg_database
    where datname like 'plexus\\_template\\_%'
    order by oid desc
    offset 3)`
  for (const { datname } of leftovers) await sql`drop database ${sql(datname)} with (force)`
}
