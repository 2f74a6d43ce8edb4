import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type ConnectOptions, connect, type Pool } from '#kit/postgres'
import { databaseServices } from '#schema/subgraphs'
import { type DatabaseService, migrationsOf, prepareDatabase } from '../prepare-database.ts'
import { testServer } from './server.ts'

export type TestDatabase = {
  /** URL of the service's login role. */
  url(service: DatabaseService): string
  /** URL of the superuser on this database, whom row-level security does not bind. */
  readonly adminUrl: string
  /** A pool as the service; `drop` ends it. */
  connect(service: DatabaseService, options?: Partial<ConnectOptions>): Pool
  /** A pool as the superuser; `drop` ends it. */
  connectAdmin(): Pool
  drop(): Promise<void>
}

export const testPasswordOf = (service: DatabaseService) => `${service}-in-tests`

/** A fresh database with every service's migrations applied: one for each test file. */
export async function testDatabase(): Promise<TestDatabase> {
  const { adminUrl } = await testServer()
  const name = `plexus_test_${randomBytes(6).toString('hex')}`
  const template = await templateName()
  await withAdmin(
    adminUrl,
    (sql) => sql`create database ${sql(name)} template ${sql(template)} strategy file_copy`,
  )
  const pools: Pool[] = []
  const open = (options: ConnectOptions) => {
    const pool = connect({ max: 5, ...options })
    pools.push(pool)
    return pool
  }
  const url = (service: DatabaseService) => urlOf(adminUrl, { name, service })
  return {
    url,
    adminUrl: urlOf(adminUrl, { name }),
    connect: (service, options) => open({ url: url(service), service, ...options }),
    connectAdmin: () => open({ url: urlOf(adminUrl, { name }), service: 'admin' }),
    drop: async () => {
      await Promise.all(pools.map((pool) => pool.end({ timeout: 1 })))
      await withAdmin(adminUrl, (sql) => sql`drop database ${sql(name)} with (force)`)
    },
  }
}

function urlOf(adminUrl: string, { name, service }: { name: string; service?: DatabaseService }) {
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  if (service) {
    url.username = `svc_${service}`
    url.password = testPasswordOf(service)
  }
  return url.href
}

async function withAdmin<T>(url: string, work: (sql: Pool) => PromiseLike<T>): Promise<T> {
  const sql = connect({ url, service: 'plexus-test-database', max: 1 })
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}

let template: Promise<string> | null = null

function templateName(): Promise<string> {
  template ??= buildTemplate()
  return template
}

/**
 * Built once for each state of the migrations, then copied: a copy costs a fraction of migrating.
 */
async function buildTemplate(): Promise<string> {
  const { adminUrl, exclusively } = await testServer()
  const name = `plexus_template_${await fingerprint()}`
  const fresh = `${name}_new`
  await exclusively(() =>
    withAdmin(adminUrl, async (admin) => {
      const existing = await admin`select 1 from pg_database where datname = ${name}`
      if (existing.length > 0) return
      await admin`drop database if exists ${admin(fresh)} with (force)`
      await admin`create database ${admin(fresh)}`
      await withAdmin(urlOf(adminUrl, { name: fresh }), (sql) =>
        prepareDatabase(sql, testPasswordOf),
      )
      await admin`alter database ${admin(fresh)} rename to ${admin(name)}`
    }),
  )
  return name
}

/** Changes when a migration or the platform does. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256')
  const kit = resolve(import.meta.dir, '../../kit')
  for (const file of ['platform.ts', 'bus.platform.ts', 'migrations.ts']) {
    hash.update(await readFile(join(kit, file), 'utf8').catch(() => ''))
  }
  for (const service of databaseServices) {
    const folder = migrationsOf(service)
    for (const file of (await readdir(folder).catch(() => [])).sort()) {
      hash.update(`${service}/${file}`).update(await readFile(join(folder, file), 'utf8'))
    }
  }
  return hash.digest('hex').slice(0, 16)
}
