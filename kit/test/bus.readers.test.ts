import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { eventOf } from '../bus.contract.ts'

const topic = 'auth.account-provisioned'
let db: TestDatabase

beforeAll(async () => {
  db = await testDatabase()
  const auth = db.connect('auth')
  const events = [{ ...eventOf(topic), at: new Date().toISOString() }]
  await auth`select bus.publish(${auth.json(events)})`
})

afterAll(() => db.drop())

const seenBy = async (service: 'users' | 'bookings' | 'auth' | 'gateway') =>
  (await db.connect(service)`select topic from bus.event`).map((row) => row.topic)

test('an event is read by its source and by those who consume its topic, and by nobody else', async () => {
  expect(await seenBy('auth')).toEqual([topic])
  expect(await seenBy('users')).toEqual([topic])
  expect(await seenBy('bookings')).toEqual([])
  expect(await seenBy('gateway')).toEqual([])
})

test('a service cannot make itself a reader, nor its migrations somebody else', async () => {
  const insert = db.connect('bookings')`insert into bus.reader values ('bookings', ${topic})`
  await expect(insert.execute()).rejects.toThrow('permission denied for table reader')
  const admin = db.connectAdmin()
  const other = admin.begin(async (tx) => {
    await tx`set local role own_bookings`
    await tx`insert into bus.reader values ('gateway', ${topic})`
  })
  await expect(other).rejects.toThrow('row-level security')
})

test('negative control: a topic that its migration adds is read', async () => {
  const admin = db.connectAdmin()
  await admin.begin(async (tx) => {
    await tx`set local role own_bookings`
    await tx`insert into bus.reader values ('bookings', ${topic})`
  })
  expect(await seenBy('bookings')).toEqual([topic])
})
