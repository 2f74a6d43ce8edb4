import { createLog } from '#kit/log'
import { connect } from '#kit/postgres'
import { ensureDatabase, prepareDatabase } from '../prepare-database.ts'
import { type MigrateConfig, migrateConfigFrom } from './config.ts'
import { ensureKeycloak } from './keycloak.ts'
import { ensureMonitor } from './monitor.ts'

const service = 'migrate'

/** How long a server that starts at the same time may take. */
const serverMs = 60_000

/** Any number that nothing else locks with: one at a time prepares an installation. */
const lockKey = 7_521_002

/**
 * Brings the database of an installation to what this version expects, and returns the names of the
 * migrations it ran. Safe to run again and by two at once.
 */
export async function migrateInstallation(config: MigrateConfig): Promise<string[]> {
  const { url, tls, keycloakPassword, monitorPassword, passwordOf } = config
  const name = new URL(url).pathname.slice(1)
  const postgres = Object.assign(new URL(url), { pathname: '/postgres' }).href
  const own = await ensureDatabase(postgres, name, { withinMs: serverMs, tls })
  const sql = connect({ url: own, service, max: 1, tls })
  try {
    // Held until this connection ends: roles and databases belong to the whole server.
    await sql`select pg_advisory_lock(${lockKey})`
    const ran = await prepareDatabase(sql, passwordOf)
    if (keycloakPassword) await ensureKeycloak(sql, keycloakPassword)
    if (monitorPassword) await ensureMonitor(sql, monitorPassword)
    return ran
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** Runs once and ends the process, with 1 when the database is not as it should be. */
export async function main(env: Record<string, string | undefined>): Promise<never> {
  const config = migrateConfigFrom(env)
  const log = createLog({ service, level: 'info' })
  try {
    const ran = await migrateInstallation(config)
    for (const name of ran) log.info(`Ran ${name}`)
    log.info(ran.length === 0 ? 'Everything was there' : `Ran ${ran.length} migrations`)
    process.exit(0)
  } catch (error) {
    log.error('The database could not be prepared', error)
    process.exit(1)
  }
}
