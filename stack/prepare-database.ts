import { resolve } from 'node:path'
import postgres from 'postgres'
import { migrate } from '#kit/migrations'
import { createPlatform } from '#kit/platform'
import { connect, type Pool, type Tls } from '#kit/postgres'
import { databaseServices } from '#schema/subgraphs'
import { StartError } from './start-error.ts'

export type DatabaseService = (typeof databaseServices)[number]

const root = resolve(import.meta.dir, '..')

/** Where a service keeps its migrations. */
export const migrationsOf = (service: DatabaseService) =>
  resolve(root, service === 'gateway' ? service : `subgraphs/${service}`, 'migrations')

/** How long a server may take to answer for the first time. */
const firstAnswerMs = 8_000

/** Throws StartError when no answer comes in time, for example from a server that was suspended. */
async function firstAnswer(sql: Pool, { host }: URL, withinMs: number): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const silent = `PostgreSQL on ${host} does not answer; see its log, or stop it and start again.`
  const timer = setTimeout(() => reject(new StartError(silent)), withinMs)
  try {
    await Promise.race([sql`select 1`, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Whoever was second, between the question and the answer, finds what they wanted. */
function unlessThere(error: unknown) {
  const isThere =
    error instanceof postgres.PostgresError &&
    (error.code === '42P04' || error.constraint_name === 'pg_database_datname_index')
  if (!isThere) throw error
}

/**
 * Creates the database when it does not exist; the result is its URL for the same user. Throws
 * StartError when the server does not answer.
 */
export async function ensureDatabase(
  adminUrl: string,
  name: string,
  { withinMs = firstAnswerMs, tls = false }: { withinMs?: number; tls?: Tls } = {},
): Promise<string> {
  const url = new URL(adminUrl)
  const sql = connect({ url: adminUrl, service: 'plexus-prepare', max: 1, tls })
  try {
    await firstAnswer(sql, url, withinMs)
    const existing = await sql`select 1 from pg_database where datname = ${name}`
    if (existing.length === 0) await sql`create database ${sql(name)}`.catch(unlessThere)
  } finally {
    await sql.end({ timeout: 1 })
  }
  url.pathname = `/${name}`
  return url.href
}

/**
 * Platform first, then every service's migrations to the newest. Returns the names of the
 * migrations it ran.
 */
export async function prepareDatabase(
  sql: Pool,
  passwordOf: (service: DatabaseService) => string,
): Promise<string[]> {
  const services = databaseServices.map((name) => ({ name, password: passwordOf(name) }))
  await createPlatform(sql, services)
  const ran: string[] = []
  for (const service of databaseServices) {
    const names = await migrate({ sql, service, folder: migrationsOf(service) })
    ran.push(...names.map((name) => `${service}/${name}`))
  }
  return ran
}
