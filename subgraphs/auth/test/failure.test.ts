import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Database, database, type Pool, systemContext } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'
import { signIn } from '../account/sign-in.ts'
import { createTurns } from '../account/turns.ts'
import { tellFailuresOnce } from '../failure/tell.ts'
import { addAccount, password } from './world.ts'

let base: TestDatabase
let admin: Pool
let db: Database
const clock = { at: new Date('2027-01-04T09:00:10Z') }
const now = () => clock.at

beforeAll(async () => {
  base = await testDatabase()
  admin = base.connectAdmin()
  db = database(base.connect('auth'), systemContext)
})
afterAll(() => base.drop())

const turns = createTurns()
const tryIn = (email: string, given = 'not the password') =>
  signIn({ db, turns, now }, { email, password: given })

const lines = async () =>
  (
    await admin<{ detail: object }[]>`
      select payload -> 'detail' as detail from auth.outbox
      where payload ->> 'action' = 'auth.attempts-failed' order by seq`
  ).map(({ detail }) => detail)

test('failures to get in are one line of the audit a minute, however many they are', async () => {
  const { id, email } = await addAccount(base.connect('auth', { max: 1 }))
  await tryIn(email, password)
  // The lock that the fifth brings is a failure as well.
  for (let time = 0; time < 8; time += 1) await tryIn(email)
  for (let time = 0; time < 4; time += 1) await tryIn(`nobody${time}@example.org`)
  await tryIn('nobody\0@example.org')
  expect(await tellFailuresOnce(db, now)).toBe(0)
  clock.at = new Date('2027-01-04T09:01:00Z')
  expect(await tellFailuresOnce(db, now)).toBe(1)
  expect(await tellFailuresOnce(db, now)).toBe(0)
  expect(await lines()).toEqual([
    {
      ...{ minute: '2027-01-04T09:00:00.000Z', failed: 13, accountCount: 1 },
      accounts: [{ id, failed: 8 }],
    },
  ])
})

test('a line names ten accounts at most, those that most failures were aimed at', async () => {
  const rows = Array.from({ length: 30 }, (_, index) => ({
    minute: new Date('2027-01-04T10:00:00Z'),
    accountId: crypto.randomUUID(),
    failed: index + 1,
  }))
  await admin`insert into auth.failed_attempt ${admin(rows)}`
  clock.at = new Date('2027-01-04T10:01:00Z')
  await tellFailuresOnce(db, now)
  expect((await lines()).at(-1)).toMatchObject({
    ...{ failed: 465, accountCount: 30 },
    accounts: rows
      .slice(20)
      .reverse()
      .map(({ accountId: id, failed }) => ({ id, failed })),
  })
})

test('what two processes take at the same moment is told once', async () => {
  const row = {
    minute: new Date('2027-01-04T11:00:00Z'),
    accountId: crypto.randomUUID(),
    failed: 3,
  }
  await admin`insert into auth.failed_attempt ${admin(row)}`
  clock.at = new Date('2027-01-04T11:01:00Z')
  const told = await Promise.all([1, 2, 3].map(() => tellFailuresOnce(db, now)))
  expect(told.reduce((sum, count) => sum + count, 0)).toBe(1)
})
