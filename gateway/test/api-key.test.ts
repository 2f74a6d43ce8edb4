import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { randomUUID } from 'node:crypto'
import { newApiKey } from '#kit/api-key'
import type { Pool } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { eventually, publicOrigin, startEdge, type TestEdge } from './edge-harness.ts'
import { startProvider, type TestProvider } from './provider.ts'

let provider: TestProvider
let db: TestDatabase
let admin: Pool
let edges: readonly [TestEdge, TestEdge]
let time = new Date()

beforeAll(async () => {
  provider = await startProvider()
  db = await testDatabase()
  admin = db.connectAdmin()
  const start = () =>
    startEdge({ issuer: provider.issuer, sql: db.connect('gateway'), now: () => time })
  edges = [await start(), await start()]
})
afterAll(async () => {
  await Promise.all(edges.map((edge) => edge.stop()))
  await db.drop()
  provider.stop()
})

const inMs = (ms: number) => new Date(time.getTime() + ms)
const dayMs = 86_400_000

async function addKey(row: Record<string, unknown> = {}) {
  const id = randomUUID()
  const { text, hash } = newApiKey(id)
  const whole = {
    ...{ id, name: id, secretHash: hash, scopes: ['bookings:read'], rateLimitPerMinute: 120 },
    ...{ createdBy: randomUUID(), expiresAt: inMs(dayMs), ...row },
  }
  await admin`insert into auth.api_key ${admin(whole)}`
  return { id, text }
}

const ask = (text: string, [edge] = edges, scheme = 'Bearer') =>
  edge.fetch(
    new Request(`${publicOrigin}/graphql`, { headers: { authorization: `${scheme} ${text}` } }),
  )
const statusOf = async (text: string, edge = edges[0]) => (await ask(text, [edge, edge])).status

describe('an API key', () => {
  test('makes its program the caller: a partner, with the scopes and the limit of the key', async () => {
    const { id, text } = await addKey()
    const answer = await ask(text)
    expect(await answer.json()).toMatchObject({
      ...{ id, clientId: id, credential: 'bearer', sessionId: null },
      ...{ roles: ['PARTNER_APP'], scopes: ['bookings:read'] },
    })
  })

  test('is refused as a token that is bound to a key', async () => {
    const { text } = await addKey()
    expect((await ask(text, edges, 'DPoP')).status).toBe(401)
  })

  test('with a typing error is refused without a question to the database', async () => {
    const { text } = await addKey()
    await admin`alter table auth.api_key rename to api_key_away`
    const wrong = `${text.slice(0, 50)}${text[50] === '0' ? '1' : '0'}${text.slice(51)}`
    expect(await statusOf(wrong)).toBe(401)
    await admin`alter table auth.api_key_away rename to api_key`
  })

  test('of nobody, and one with the id of another, are answered alike', async () => {
    const { id } = await addKey()
    const [wrong, unknown] = [newApiKey(id).text, newApiKey(randomUUID()).text]
    const answers = await Promise.all([wrong, unknown].map((text) => ask(text)))
    const [one, other] = await Promise.all(
      answers.map(async (answer) => [answer.status, await answer.text()]),
    )
    expect(one).toEqual(other)
    expect(one?.[0]).toBe(401)
    expect(answers[0]?.headers.get('www-authenticate')).toContain('error="invalid_token"')
  })

  test('ends when it says so, although it was good a moment ago', async () => {
    const { text } = await addKey({ expiresAt: inMs(500) })
    expect(await statusOf(text)).toBe(200)
    time = inMs(501)
    expect(await statusOf(text)).toBe(401)
  })

  test('that was replaced is good for the overlap, and not a moment longer', async () => {
    const id = randomUUID()
    const old = newApiKey(id)
    const fresh = newApiKey(id)
    await addKey({
      ...{ id, secretHash: fresh.hash, previousHash: old.hash, previousUntil: inMs(300) },
      rotatedAt: time,
    })
    expect([await statusOf(old.text), await statusOf(fresh.text)]).toEqual([200, 200])
    time = inMs(301)
    expect([await statusOf(old.text), await statusOf(fresh.text)]).toEqual([401, 200])
  })

  test('is read once for many requests, and its use is noted to the minute', async () => {
    const { id, text } = await addKey()
    await Promise.all(Array.from({ length: 50 }, () => ask(text)))
    const lastUsed = async () => {
      const [row] = await admin<{ at: Date | null }[]>`
        select last_used_at as at from auth.api_key where id = ${id}`
      return row?.at ?? null
    }
    await eventually(async () => (await lastUsed()) !== null)
    const first = await lastUsed()
    expect(first).toEqual(time)
    time = inMs(59_000)
    await ask(text)
    time = inMs(2_000)
    await ask(text)
    await eventually(async () => (await lastUsed())?.getTime() === time.getTime())
  })
})

describe('a key that is revoked', () => {
  test('is refused by every gateway within a second', async () => {
    const slowest: number[] = []
    for (let round = 0; round < 20; round += 1) {
      const { id, text } = await addKey()
      expect(await Promise.all(edges.map((edge) => statusOf(text, edge)))).toEqual([200, 200])
      const revokedAt = performance.now()
      await admin`update auth.api_key set revoked_at = now() where id = ${id}`
      for (const edge of edges) await eventually(async () => (await statusOf(text, edge)) === 401)
      slowest.push(performance.now() - revokedAt)
    }
    expect(Math.max(...slowest)).toBeLessThan(1_000)
  })

  test('is refused within a second also when nobody was told', async () => {
    const { id, text } = await addKey()
    expect(await statusOf(text)).toBe(200)
    await admin`alter table auth.api_key disable trigger api_key_changed`
    await admin`update auth.api_key set revoked_at = now() where id = ${id}`
    await admin`alter table auth.api_key enable trigger api_key_changed`
    // The clock of the gateway stands still: what it remembers is still fresh.
    expect(await statusOf(text)).toBe(200)
    time = inMs(1_000)
    expect(await statusOf(text)).toBe(401)
  })
})

test('while the keys cannot be read, one is neither believed nor called bad', async () => {
  const { text } = await addKey()
  const away = db.connect('gateway')
  const edge = await startEdge({ issuer: provider.issuer, sql: away, now: () => time })
  await away.end({ timeout: 0 })
  const answer = await ask(text, [edge, edge])
  expect(answer.status).toBe(503)
  expect(answer.headers.has('www-authenticate')).toBe(false)
  await edge.stop()
})
