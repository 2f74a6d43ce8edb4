import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { busContract, eventOf, take } from '../bus.contract.ts'
import { createEmbeddedBus } from '../bus.embedded.ts'
import type { Bus } from '../bus.ts'
import { createLog } from '../log.ts'
import { until } from './until.ts'

const log = createLog({ service: 'test', level: 'silent' })
let db: TestDatabase
let first: Bus
let second: Bus

/** A poll that never comes within a test: what arrives was told by a notification. */
const never = 3_600_000
const busOf = (service: 'users' | 'bookings', pollMs = never) =>
  createEmbeddedBus({ url: db.url(service), service, log, pollMs })

beforeAll(async () => {
  db = await testDatabase()
  // The contract's topics are nobody's.
  await db.connectAdmin()`alter table bus.event disable row level security`
  first = await busOf('users')
  second = await busOf('bookings')
})

afterAll(async () => {
  await Promise.all([first.stop(), second.stop()])
  await db.drop()
})

busContract(async () => ({ first, second }))

test('the source is the service that published, whatever it says', async () => {
  const after = await first.head()
  const forged = { ...eventOf('bookings.booking-confirmed'), source: 'bookings' }
  await first.publish([forged])
  const [event] = await take(second, { topic: forged.topic, after, count: 1 })
  expect(event?.source).toBe('users')
})

test('a service cannot write the table itself, and the administrator is no service', async () => {
  const users = db.connect('users')
  const insert = users`update bus.head set position = 0`.execute()
  await expect(insert).rejects.toThrow('permission denied for table head')
  const remove = users`delete from bus.event`.execute()
  await expect(remove).rejects.toThrow('permission denied for table event')
  const admin = db.connectAdmin()
  const publish = admin`select bus.publish('[]')`.execute()
  await expect(publish).rejects.toThrow('only a service publishes')
})

test('a publish that is rolled back leaves no gap', async () => {
  const users = db.connect('users')
  const before = await first.head()
  const failing = users.begin(async (tx) => {
    const events = [{ ...eventOf('bus.rollback'), at: new Date().toISOString() }]
    await tx`select bus.publish(${tx.json(events)})`
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  await first.publish([eventOf('bus.rollback')])
  expect(await first.head()).toBe(before + 1)
})

test('a payload larger than a notification may carry arrives', async () => {
  const after = await first.head()
  await first.publish([eventOf('bus.large', 'x'.repeat(100_000))])
  const [event] = await take(second, { topic: 'bus.large', after, count: 1 })
  expect(event?.payload).toHaveLength(100_000)
})

test('a reader whose connections are cut catches up without a poll', async () => {
  const topic = 'bus.cut'
  const after = await first.head()
  const reading = take(second, { topic, after, count: 2 })
  await first.publish([eventOf(topic, 'before')])
  const admin = db.connectAdmin()
  const cut = () => admin<{ pid: number }[]>`
    select pid, pg_terminate_backend(pid)
    from pg_stat_activity
    where datname = current_database() and application_name = 'bookings-bus'`
  const killed = await cut()
  expect(killed.length).toBeGreaterThan(0)
  await first.publish([eventOf(topic, 'while it was away')])
  const events = await reading
  expect(events.map(({ payload }) => payload)).toEqual(['before', 'while it was away'])
})

test('a lost notification costs one poll', async () => {
  const polling = await busOf('bookings', 20)
  try {
    const topic = 'bus.silent'
    const after = await first.head()
    const reading = take(polling, { topic, after, count: 1 })
    const admin = db.connectAdmin()
    await until('the reader waits', async () => (await admin`select 1`).length === 1)
    await admin`
      insert into bus.event (position, id, source, topic, entity_id, payload, headers, at)
      values (${after + 1}, uuidv7(), 'users', ${topic}, uuidv7(), '"silent"', '{}', now())`
    await admin`update bus.head set position = ${after + 1}`
    const [event] = await reading
    expect(event?.payload).toBe('silent')
  } finally {
    await polling.stop()
  }
})
