import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { sweep } from '../sweep.ts'

let db: TestDatabase

beforeAll(async () => {
  db = await testDatabase()
})

afterAll(() => db.drop())

test('what is old goes, what is waiting or recent stays', async () => {
  const sql = db.connect('users')
  const admin = db.connectAdmin()
  const days = (count: number) => admin`now() - make_interval(days => ${count})`
  await admin`
    insert into users.outbox (topic, entity_id, payload, created_at, published_at)
    values ('old', uuidv7(), '1', ${days(60)}, ${days(8)}),
      ('recent', uuidv7(), '1', ${days(60)}, ${days(6)}),
      ('waiting', uuidv7(), '1', ${days(60)}, null)`
  await admin`
    insert into users.inbox (consumer, event_id, handled_at)
    values ('old', uuidv7(), ${days(31)}), ('recent', uuidv7(), ${days(29)})`
  await admin`
    insert into users.idempotency (principal, key, operation, request_hash, expires_at)
    values ('p', 'old', 'o', '', ${days(1)}), ('p', 'recent', 'o', '', ${days(-1)})`
  await admin`
    insert into bus.event (position, id, source, topic, entity_id, payload, headers, at)
    values (1, uuidv7(), 'users', 'old', uuidv7(), '1', '{}', ${days(31)}),
      (2, uuidv7(), 'users', 'recent', uuidv7(), '1', '{}', ${days(29)})`
  await sweep(sql)
  const left = await sql<{ name: string }[]>`
    select topic as name from outbox
    union all select consumer from inbox
    union all select key from idempotency
    union all select topic from bus.event`
  expect(left.map(({ name }) => name).toSorted()).toEqual([
    ...['recent', 'recent', 'recent', 'recent', 'waiting'],
  ])
})
