import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdir, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { freePort } from '../../stack/ports.ts'
import { type Postgres, type PostgresOptions, startPostgres } from '../../stack/postgres.ts'
import { take } from '../bus.contract.ts'
import { createEmbeddedBus } from '../bus.embedded.ts'
import { consume } from '../inbox.ts'
import { createLog } from '../log.ts'
import { emit } from '../outbox.ts'
import { createPlatform } from '../platform.ts'
import { connect, database, type Pool, systemContext } from '../postgres.ts'
import { startRelay } from '../relay.ts'
import { until } from './until.ts'

// A server of our own: other tests must not feel that it stops. Durable, since what it acknowledged
// must survive.
const home = resolve(import.meta.dir, `../../.plexus/test/outage-${process.pid}`)
const service = 'outage'
const ada = '01a1fe36-7bf7-7f93-98ae-a5b9ee40b360'
const password = 'outage-in-tests'
const log = createLog({ service, level: 'silent' })
let options: PostgresOptions
let postgres: Postgres
let url: string

beforeAll(async () => {
  await mkdir(home, { recursive: true })
  options = { dataDir: `${home}/postgres`, port: await freePort() }
  postgres = await startPostgres(options)
  const admin = connect({ url: postgres.adminUrl, service: 'admin', max: 1 })
  await createPlatform(admin, [{ name: service, password }])
  await admin.unsafe(`
    set role own_${service};
    create table ${service}.done (id uuid primary key);
    create table ${service}.seen (id uuid primary key)`)
  await admin.end()
  const login = new URL(postgres.adminUrl)
  login.username = `svc_${service}`
  login.password = password
  url = login.href
}, 60_000)

afterAll(async () => {
  await postgres.stop()
  await rm(home, { recursive: true })
})

type Tally = { acknowledged: string[]; refused: unknown[]; slowestMs: number }

/** Forty people who write in transactions of several steps until told to stop. */
function load(sql: Pool) {
  const tally: Tally = { acknowledged: [], refused: [], slowestMs: 0 }
  const stopping = new AbortController()
  const person = async () => {
    while (!stopping.signal.aborted) {
      const id = Bun.randomUUIDv7()
      const startedAt = performance.now()
      try {
        await database(sql, systemContext).write(async (tx) => {
          await tx`insert into done (id) values (${id})`
          await tx`select pg_sleep(0.005)`
          await emit(tx, { topic: 'outage.done', entityId: id, payload: null })
        })
        tally.acknowledged.push(id)
      } catch (error) {
        tally.refused.push(error)
      }
      tally.slowestMs = Math.max(tally.slowestMs, performance.now() - startedAt)
    }
  }
  const people = Promise.all(Array.from({ length: 40 }, person))
  const stop = async () => {
    stopping.abort()
    await people
    return tally
  }
  return { tally, stop }
}

test('a server that stops under load is UNAVAILABLE, comes back by itself, and loses nothing', async () => {
  const sql = connect({ url, service })
  const bus = await createEmbeddedBus({ url, service, log, pollMs: 50 })
  const relay = await startRelay({ sql, service, bus, log, pollMs: 50 })
  const reader = await createEmbeddedBus({ url, service, log, pollMs: 3_600_000 })
  const consumer = consume({
    ...{ bus, sql, log, consumer: 'outage', topics: ['outage.done'] },
    handle: async (tx, event) => void (await tx`insert into seen (id) values (${event.entityId})`),
  })
  const { tally, stop } = load(sql)
  await until('there is load', () => tally.acknowledged.length > 100)

  await postgres.stop()
  await until('people are refused', () => tally.refused.length > 100)
  const before = tally.acknowledged.length
  postgres = await startPostgres(options)
  await until('people are served again', () => tally.acknowledged.length > before + 100)
  const { acknowledged, refused, slowestMs } = await stop()

  const codes = new Set(
    refused.map((error) => (error instanceof Error && 'code' in error ? error.code : error)),
  )
  expect([...codes]).toEqual(['UNAVAILABLE'])
  expect(slowestMs).toBeLessThan(3_000)
  const kept = await sql<{ id: string }[]>`select id from done`
  const ids = new Set(kept.map(({ id }) => id))
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([])
  await until('every event is out', async () => {
    const [waiting] = await sql`select 1 from outbox where published_at is null limit 1`
    return !waiting
  })
  const [told] = await sql`
    select count(*) as events, count(distinct entity_id) as entities, max(position) as last
    from bus.event`
  expect(told).toEqual({ events: ids.size, entities: ids.size, last: ids.size })
  await until('every event is handled', async () => {
    const [seen] = await sql<{ count: number }[]>`select count(*) from seen`
    return seen?.count === ids.size
  })
  expect(await sql`select 1 from parked_event`).toHaveLength(0)
  await consumer.stop()
  const reading = take(reader, { topic: 'outage.after', after: 0, count: 1 })
  await sql.begin((tx) => emit(tx, { topic: 'outage.after', entityId: ada, payload: 'told' }))
  // Nothing is polled for here: the connection that listens has come back too.
  expect(await reading).toMatchObject([{ payload: 'told' }])
  await relay.stop()
  await Promise.all([bus.stop(), reader.stop(), sql.end()])
}, 60_000)

test('a relay refuses a server that does not record commit times', async () => {
  await postgres.stop()
  postgres = await startPostgres({ ...options, settings: ['track_commit_timestamp=off'] })
  const sql = connect({ url, service, max: 2 })
  const bus = await createEmbeddedBus({ url, service, log })
  const starting = startRelay({ sql, service, bus, log })
  await expect(starting).rejects.toThrow('PostgreSQL must run with track_commit_timestamp=on')
  await bus.stop()
  await sql.end()
}, 30_000)
