import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { eventOf } from '../bus.contract.ts'
import { createEmbeddedBus } from '../bus.embedded.ts'
import type { Bus, BusEvent } from '../bus.ts'
import { consume } from '../inbox.ts'
import { createLog } from '../log.ts'
import type { Pool, Transaction } from '../postgres.ts'
import { until } from './until.ts'

const log = createLog({ service: 'test', level: 'silent' })
const retry = { attempts: 2, pauseMs: 5, parkedMs: 20 }
let db: TestDatabase
let sql: Pool
let publisher: Bus
let bus: Bus

beforeAll(async () => {
  db = await testDatabase()
  // Each test has a topic of its own.
  await db.connectAdmin()`alter table bus.event disable row level security`
  sql = db.connect('users')
  publisher = await createEmbeddedBus({ url: db.url('auth'), service: 'auth', log })
  bus = await createEmbeddedBus({ url: db.url('users'), service: 'users', log })
  await db.connectAdmin()`
    create table users.seen (
      seq bigint generated always as identity, consumer text, event_id uuid, payload jsonb)`
  await db.connectAdmin()`grant select, insert on users.seen to svc_users`
})

afterAll(async () => {
  await Promise.all([publisher.stop(), bus.stop()])
  await db.drop()
})

/** A consumer of the topic of its own name that writes down what it handles. */
const start = (
  consumer: string,
  before: (event: BusEvent, tx: Transaction) => Promise<void> = async () => {},
) =>
  consume({
    ...{ bus, sql, consumer, topics: [consumer], log, retry },
    handle: async (tx, event) => {
      await tx`
        insert into seen (consumer, event_id, payload)
        values (${consumer}, ${event.id}, ${tx.json(event.payload)})`
      await before(event, tx)
    },
  })

const seenBy = async (consumer: string) =>
  (
    await sql<{ payload: unknown }[]>`
      select payload
      from seen
      where consumer = ${consumer}
      order by seq`
  ).map(({ payload }) => payload)

const untilSeen = (consumer: string, count: number) =>
  until(`${count} events`, async () => (await seenBy(consumer)).length >= count)

test('each event is handled once, in order, with two processes of one name', async () => {
  const name = 'inbox.once'
  const consumers = [start(name), start(name)]
  const events = Array.from({ length: 30 }, (_, number) => eventOf(name, number))
  await publisher.publish(events)
  await untilSeen(name, 30)
  await Promise.all(consumers.map((consumer) => consumer.stop()))
  expect(await seenBy(name)).toEqual(events.map(({ payload }) => payload))
})

test('it resumes where it ended, and sees what came meanwhile', async () => {
  const name = 'inbox.resume'
  await publisher.publish([eventOf(name, 1)])
  const first = start(name)
  await untilSeen(name, 1)
  await first.stop()
  await publisher.publish([eventOf(name, 2)])
  const second = start(name)
  await untilSeen(name, 2)
  await second.stop()
  expect(await seenBy(name)).toEqual([1, 2])
})

test('a redelivered event is passed over even when its position is forgotten', async () => {
  const name = 'inbox.again'
  await publisher.publish([eventOf(name, 1)])
  const first = start(name)
  await untilSeen(name, 1)
  await first.stop()
  await sql`delete from consumer where name = ${name}`
  await publisher.publish([eventOf(name, 2)])
  const second = start(name)
  await untilSeen(name, 2)
  await second.stop()
  expect(await seenBy(name)).toEqual([1, 2])
})

test('work that fails leaves nothing behind and is tried again', async () => {
  const name = 'inbox.retry'
  let tries = 0
  const consumer = start(name, async () => {
    tries += 1
    if (tries === 1) throw new Error('not yet')
  })
  await publisher.publish([eventOf(name, 'at last')])
  await untilSeen(name, 1)
  await consumer.stop()
  expect(await seenBy(name)).toEqual(['at last'])
  expect(tries).toBe(2)
})

test('a poisoned event holds back its own entity and no other, and heals in order', async () => {
  const name = 'inbox.poison'
  let isCured = false
  const consumer = start(name, async ({ payload }) => {
    if (payload === 'poison' && !isCured) throw new Error('cannot be handled')
  })
  const poison = eventOf(name, 'poison')
  const behind = { ...eventOf(name, 'behind it'), entityId: poison.entityId }
  await publisher.publish([eventOf(name, 'first'), poison, behind, eventOf(name, 'other')])
  await untilSeen(name, 2)
  expect(await seenBy(name)).toEqual(['first', 'other'])
  const parked = () => sql<{ attempts: number; lastError: string | null }[]>`
    select attempts, last_error
    from parked_event
    where consumer = ${name}
    order by position`
  const due = async () =>
    sql`update parked_event set next_attempt_at = now() where consumer = ${name}`
  await due()
  await until('it was tried again', async () => ((await parked())[0]?.attempts ?? 0) > 0)
  expect(await parked()).toMatchObject([
    { lastError: 'Error: cannot be handled' },
    { attempts: 0, lastError: null },
  ])
  isCured = true
  await due()
  await untilSeen(name, 4)
  await consumer.stop()
  expect(await seenBy(name)).toEqual(['first', 'other', 'poison', 'behind it'])
  expect(await parked()).toHaveLength(0)
})

test('the handler runs as the system, on its own service alone', async () => {
  const name = 'inbox.system'
  let isSystem: unknown
  const consumer = start(name, async (_, tx) => {
    const [row] = await tx`select app.has('system') as is_system, current_user as role`
    isSystem = row
  })
  await publisher.publish([eventOf(name)])
  await untilSeen(name, 1)
  await consumer.stop()
  expect(isSystem).toEqual({ isSystem: true, role: 'svc_users' })
})
