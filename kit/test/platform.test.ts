import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { database } from '../postgres.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
})
afterAll(() => db.drop())

test('a service reads its own schema and no other', async () => {
  const users = db.connect('users')
  expect(await users`select id from outbox`).toHaveLength(0)
  expect(users`select id from bookings.outbox`.execute()).rejects.toThrow(
    'permission denied for schema bookings',
  )
})

test('x', async () => {
  const users = db.connect('users')
  const id = '01a1fe36-7bf7-7f93-98ae-a5b9ee40b360'
  const rows = await database(users, { userId: id, scopes: new Set(['self', 'coach']) }).read(
    (sql) =>
      sql`select app.uid(), app.has('coach') a, app.has('x') b, current_user u, current_setting('statement_timeout') t`,
  )
  expect([...rows]).toEqual([{ uid: id, a: true, b: false, u: 'svc_users', t: '5s' }])
})
