import { join } from 'node:path'
import { connect } from '#kit/postgres'
import type { StackConfig } from '../config.ts'
import { type Postgres, startPostgres } from '../postgres.ts'
import { ensureDatabase, prepareDatabase } from '../prepare-database.ts'
import type { Secrets } from '../secrets.ts'

const folderIn = ({ dataDir }: Pick<StackConfig, 'dataDir'>) => join(dataDir, 'postgres')

/** False when the data is where the server's user may go, which the data folder was not. */
export const isInside = (config: StackConfig, postgres: Postgres) =>
  postgres.dataDir === folderIn(config)

/** The stack's PostgreSQL; a server that an earlier start left running is taken over. */
export const startDatabase = (
  { dataDir, postgresPort }: Pick<StackConfig, 'dataDir' | 'postgresPort'>,
  { isShared = false } = {},
): Promise<Postgres> =>
  startPostgres({
    isShared,
    dataDir: folderIn({ dataDir }),
    port: postgresPort,
    portSetting: 'POSTGRES_PORT',
  })

/** The database with everything migrated; the result names each service's URL. */
export async function migrated(adminUrl: string, { databasePasswords }: Secrets) {
  const url = await ensureDatabase(adminUrl, 'plexus')
  const sql = connect({ url, service: 'plexus-up', max: 1 })
  const passwordOf = (service: string) => databasePasswords[service] ?? ''
  try {
    await prepareDatabase(sql, passwordOf)
  } finally {
    await sql.end()
  }
  return (service: string) => {
    const own = new URL(url)
    own.username = `svc_${service}`
    own.password = passwordOf(service)
    return own.href
  }
}
