import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { forget, once } from '../idempotency.ts'
import type { Json, Pool } from '../postgres.ts'

let db: TestDatabase
let sql: Pool

beforeAll(async () => {
  db = await testDatabase()
  sql = db.connect('bookings')
})

afterAll(() => db.drop())

let worked = 0
const work = async () => {
  worked += 1
  return { number: worked }
}

const ask = (
  key: string,
  request: Json,
  changes: { principal?: string; operation?: string } = {},
) =>
  sql.begin((tx) =>
    once(tx, { principal: 'ada', operation: 'holdSlot', key, request, ...changes }, work),
  )

test('the same request gets the stored answer, whatever the order of its keys', async () => {
  const first = await ask('same', { a: 1, b: [{ c: 2, d: null }] })
  const again = await ask('same', { b: [{ d: null, c: 2 }], a: 1 })
  expect(again).toEqual(first)
})

test('another request, or another operation, under the same key is refused', async () => {
  await ask('other', { slot: 1 })
  await expect(ask('other', { slot: 2 })).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
  const elsewhere = ask('other', { slot: 1 }, { operation: 'cancelBooking' })
  await expect(elsewhere).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
})

test('a key that is empty or has no end is refused before anything is done', async () => {
  const before = worked
  for (const key of ['', 'k'.repeat(201), 'k'.repeat(1_000_000)]) {
    await expect(ask(key, {})).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  }
  expect(worked).toBe(before)
  await ask('k'.repeat(200), {})
})

test('the same key of another person is another key', async () => {
  const first = await ask('shared', {})
  expect(await ask('shared', {}, { principal: 'grace' })).not.toEqual(first)
})

test('twenty duplicates at once do the work once', async () => {
  const before = worked
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask('race', {})))
  expect(worked).toBe(before + 1)
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
})

test('work that fails frees the key', async () => {
  const failing = sql.begin((tx) =>
    once(tx, { principal: 'ada', operation: 'holdSlot', key: 'fails', request: {} }, () =>
      Promise.reject(new Error('no')),
    ),
  )
  await expect(failing).rejects.toThrow('no')
  expect(await ask('fails', {})).toEqual({ number: worked })
})

test('a key may be used anew when it has expired', async () => {
  const first = await ask('expires', { slot: 1 })
  await sql`update idempotency set expires_at = now() where key = 'expires'`
  expect(await ask('expires', { slot: 2 })).not.toEqual(first)
})

test('an answer of null is an answer', async () => {
  const request = { principal: 'ada', operation: 'none', key: 'null', request: null }
  const answer = () => sql.begin((tx) => once(tx, request, async () => null))
  expect([await answer(), await answer()]).toEqual([null, null])
})

test('a key that is forgotten does its work anew, for whoever waited for it too', async () => {
  const identity = { principal: 'ada', operation: 'confirmBooking', key: 'forgotten', request: {} }
  let asked = 0
  const attempt = () =>
    sql.begin(async (tx) => {
      const answer = await once(tx, identity, async () => {
        asked += 1
        return asked === 1 ? 'not yet' : 'done'
      })
      if (answer === 'not yet') await forget(tx, identity)
      return answer
    })
  const answers = await Promise.all([attempt(), attempt(), attempt()])
  expect(answers.toSorted()).toEqual(['done', 'done', 'not yet'])
  expect(asked).toBe(2)
})
