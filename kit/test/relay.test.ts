import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { take } from '../bus.contract.ts'
import { createEmbeddedBus } from '../bus.embedded.ts'
import type { Bus } from '../bus.ts'
import { createLog } from '../log.ts'
import { emit } from '../outbox.ts'
import type { Pool } from '../postgres.ts'
import { relayOnce, startRelay } from '../relay.ts'
import { until } from './until.ts'

const log = createLog({ service: 'test', level: 'silent' })
const service = 'users'
const never = 3_600_000
let db: TestDatabase
let sql: Pool
let bus: Bus

beforeAll(async () => {
  db = await testDatabase()
  sql = db.connect(service)
  bus = await createEmbeddedBus({ url: db.url(service), service, log })
})

afterAll(async () => {
  await bus.stop()
  await db.drop()
})

const eventOf = (topic: string, payload: string) => ({
  topic,
  entityId: '01a1fe36-7bf7-7f93-98ae-a5b9ee40b360',
  payload,
})

/** A transaction that emits and stays open until told to commit. */
async function openWriter(topic: string, payload: string) {
  const mayCommit = Promise.withResolvers<void>()
  const emitted = Promise.withResolvers<void>()
  const committed = sql.begin(async (tx) => {
    await emit(tx, eventOf(topic, payload))
    emitted.resolve()
    await mayCommit.promise
  })
  await emitted.promise
  return {
    commit: async () => {
      mayCommit.resolve()
      await committed
    },
  }
}

const payloadsOf = async (topic: string, count: number) =>
  (await take(bus, { topic, after: 0, count })).map(({ payload }) => payload)

test('the first to insert that commits last is numbered last', async () => {
  const topic = 'relay.before'
  const slow = await openWriter(topic, 'inserted first')
  const quick = await openWriter(topic, 'inserted second')
  await quick.commit()
  await slow.commit()
  const [inserted] =
    await sql`select payload from outbox where topic = ${topic} order by seq limit 1`
  expect(inserted?.payload).toBe('inserted first')
  await relayOnce({ sql, service, bus })
  expect(await payloadsOf(topic, 2)).toEqual(['inserted second', 'inserted first'])
})

test('with the relay at work, what committed is out before the earlier insert commits', async () => {
  const topic = 'relay.running'
  const relay = await startRelay({ sql, service, bus, log, pollMs: never })
  try {
    const slow = await openWriter(topic, 'inserted first')
    const quick = await openWriter(topic, 'inserted second')
    await quick.commit()
    expect(await payloadsOf(topic, 1)).toEqual(['inserted second'])
    await slow.commit()
    expect(await payloadsOf(topic, 2)).toEqual(['inserted second', 'inserted first'])
  } finally {
    await relay.stop()
  }
})

test('events of one transaction keep the order in which they were emitted', async () => {
  const topic = 'relay.together'
  await sql.begin(async (tx) => {
    for (const payload of ['a', 'b', 'c']) await emit(tx, eventOf(topic, payload))
    await tx.savepoint((inner) => emit(inner, eventOf(topic, 'd')))
  })
  await relayOnce({ sql, service, bus })
  expect(await payloadsOf(topic, 4)).toEqual(['a', 'b', 'c', 'd'])
})

test('what is rolled back is never told', async () => {
  const topic = 'relay.rollback'
  const failing = sql.begin(async (tx) => {
    await emit(tx, eventOf(topic, 'never'))
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  await sql.begin((tx) => emit(tx, eventOf(topic, 'told')))
  await relayOnce({ sql, service, bus })
  expect(await payloadsOf(topic, 1)).toEqual(['told'])
})

test('with two relays and many writers, every event is numbered once, each writer in its order', async () => {
  const topic = 'relay.many'
  const relays = await Promise.all(
    [1, 2].map(() => startRelay({ sql, service, bus, log, pollMs: 50 })),
  )
  const write = async (writer: string) => {
    for (let number = 0; number < 15; number += 1) {
      await sql.begin((tx) => emit(tx, eventOf(topic, `${writer}${number}`)))
    }
  }
  await Promise.all(['a', 'b', 'c', 'd'].map(write))
  const payloads = (await payloadsOf(topic, 60)).map(String)
  await Promise.all(relays.map((relay) => relay.stop()))
  expect(new Set(payloads).size).toBe(60)
  const ofA = payloads.filter((payload) => payload.startsWith('a'))
  expect(ofA).toEqual(Array.from({ length: 15 }, (_, number) => `a${number}`))
})

test('one relay works at a time, and the next takes over when it dies', async () => {
  const topic = 'relay.takeover'
  const held = Promise.withResolvers<void>()
  const stuck = db.connect(service, { max: 1, service: 'relay-that-dies' })
  const stuckBus: Bus = { ...bus, publish: () => held.promise }
  await sql.begin((tx) => emit(tx, eventOf(topic, 'taken over')))
  const dying = relayOnce({ sql: stuck, service, bus: stuckBus }).catch(() => 'died')
  const admin = db.connectAdmin()
  const holder = () => admin<{ pid: number }[]>`
    select pid
    from pg_locks
    join pg_stat_activity using (pid)
    where locktype = 'advisory' and granted and application_name = 'relay-that-dies'`
  await until('the first relay holds the lock', async () => (await holder()).length === 1)
  expect(await relayOnce({ sql, service, bus })).toBe(0)
  const relay = await startRelay({ sql, service, bus, log, pollMs: 20 })
  await admin`
    select pg_terminate_backend(pid)
    from pg_stat_activity
    where application_name = 'relay-that-dies'`
  expect(await payloadsOf(topic, 1)).toEqual(['taken over'])
  held.resolve()
  expect(await dying).toBe('died')
  await relay.stop()
})

test('a batch that was published but not marked is not told twice', async () => {
  const topic = 'relay.crash'
  await sql.begin((tx) => emit(tx, eventOf(topic, 'once')))
  const crashing: Bus = {
    ...bus,
    publish: async (events) => {
      await bus.publish(events)
      throw new Error('the process died here')
    },
  }
  await expect(relayOnce({ sql, service, bus: crashing })).rejects.toThrow('died here')
  const head = await bus.head()
  expect(await relayOnce({ sql, service, bus })).toBe(1)
  expect(await bus.head()).toBe(head)
})
