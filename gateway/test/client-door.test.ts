import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { randomBytes, randomUUID } from 'node:crypto'
import type { Pool } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import type { Stage } from '../exchange.ts'
import { eventually, publicOrigin, startEdge, type TestEdge } from './edge-harness.ts'
import { leaveOut } from './leave-out.ts'
import { startProvider, type TestProvider } from './provider.ts'

let provider: TestProvider
let db: TestDatabase
let admin: Pool
let edges: readonly TestEdge[]
let time = new Date()

const allowed: Stage = async ({ allowance, rateLimitPerMinute }) =>
  Response.json({ allowance, rateLimitPerMinute })

const start = (options: Partial<Parameters<typeof startEdge>[0]> = {}) =>
  startEdge({
    ...{ issuer: provider.issuer, sql: db.connect('gateway'), now: () => time, last: allowed },
    ...options,
  })

beforeAll(async () => {
  provider = await startProvider({ now: () => time })
  db = await testDatabase()
  admin = db.connectAdmin()
  edges = [await start(), await start(), await start({ without: leaveOut('token-client-ended') })]
})
afterAll(async () => {
  await Promise.all(edges.map((edge) => edge.stop()))
  await db.drop()
  provider.stop()
})

async function newClient() {
  const id = randomUUID()
  const row = { id, name: id, secretHash: randomBytes(32), scopes: ['bookings:read'] }
  await admin`insert into auth.api_client ${admin({ ...row, rateLimitPerMinute: 700 })}`
  const exp = Math.floor(time.getTime() / 1_000) + 600
  const claims = { sub: id, client_id: id, roles: ['partner_app'], scope: 'bookings:read', exp }
  return { id, token: await provider.accessToken({ ...claims, rate_limit_per_minute: 60 }) }
}

const ask = (token: string, edge: TestEdge | undefined = edges[0]) => {
  const headers = { authorization: `Bearer ${token}` }
  if (!edge) throw new Error('There is no such edge.')
  return edge.fetch(new Request(`${publicOrigin}/graphql`, { headers }))
}
const statusOf = async (token: string, edge: TestEdge | undefined) =>
  (await ask(token, edge)).status
const disable = (id: string) =>
  admin`update auth.api_client set disabled_at = now() where id = ${id}`
const spendingOf = async (token: string) => (await ask(token)).json()

describe('a program that is disabled', () => {
  test('is refused by every gateway within a second, although its token is good for minutes', async () => {
    const slowest: number[] = []
    const [one, other, unguarded] = edges
    for (let round = 0; round < 20; round += 1) {
      const { id, token } = await newClient()
      expect([await statusOf(token, one), await statusOf(token, other)]).toEqual([200, 200])
      const disabledAt = performance.now()
      await disable(id)
      for (const edge of [one, other])
        await eventually(async () => (await statusOf(token, edge)) === 401)
      slowest.push(performance.now() - disabledAt)
      // Negative control: the token itself is good.
      expect(await statusOf(token, unguarded)).toBe(200)
    }
    expect(Math.max(...slowest)).toBeLessThan(1_000)
  })

  test('is refused within a second also when nobody was told', async () => {
    const { id, token } = await newClient()
    expect(await statusOf(token, edges[0])).toBe(200)
    await admin`alter table auth.api_client disable trigger api_client_changed`
    await disable(id)
    await admin`alter table auth.api_client enable trigger api_client_changed`
    // The clock of the gateway stands still: what it remembers is still fresh.
    expect(await statusOf(token, edges[0])).toBe(200)
    time = new Date(time.getTime() + 1_000)
    expect(await statusOf(token, edges[0])).toBe(401)
  })

  test('is told to what it has open, once, and nobody else is', async () => {
    const [gone, other] = [await newClient(), await newClient()]
    const told: string[] = []
    const [edge] = edges
    const unwatch = [gone, other].map(({ id }) => edge?.watchProgram(id, () => told.push(id)))
    await admin`update auth.api_client set rate_limit_per_minute = 5 where id = ${gone.id}`
    await disable(gone.id)
    await eventually(() => told.length > 0)
    expect(told).toEqual([gone.id])
    for (const leave of unwatch) leave?.()
  })
})

describe('what a program may spend', () => {
  const plan = { plan: 'starter', changedAt: new Date(), changedBy: randomUUID() }

  test('is what its row says, whatever its token said', async () => {
    const { token } = await newClient()
    expect(await spendingOf(token)).toEqual({ allowance: null, rateLimitPerMinute: 700 })
  })

  test('is its plan within a second, and again without it', async () => {
    const { id, token } = await newClient()
    await spendingOf(token)
    const changedAt = performance.now()
    await admin`insert into auth.client_plan ${admin({ clientId: id, ...plan, burst: 900 })}`
    await eventually(async () => (await spendingOf(token)).allowance !== null)
    expect(performance.now() - changedAt).toBeLessThan(1_000)
    const allowance = { pointsPerMinute: 6_000, burst: 900, costMax: 500, concurrency: 5 }
    expect((await spendingOf(token)).allowance).toEqual(allowance)
    await admin`update auth.plan set concurrency = 6 where name = 'starter'`
    await eventually(async () => (await spendingOf(token)).allowance.concurrency === 6)
    await admin`delete from auth.client_plan where client_id = ${id}`
    await eventually(async () => (await spendingOf(token)).allowance === null)
  })

  test('of a program that nobody here registered is what its token says', async () => {
    const exp = Math.floor(time.getTime() / 1_000) + 600
    for (const id of [randomUUID(), 'studio-app']) {
      const claims = { sub: id, client_id: id, scope: 'bookings:read', exp }
      const token = await provider.accessToken({ ...claims, rate_limit_per_minute: 60 })
      expect(await spendingOf(token)).toEqual({ allowance: null, rateLimitPerMinute: 60 })
    }
  })
})

test('while the table is out of reach what was known counts, or what the token says', async () => {
  const [known, ended, unknown] = [await newClient(), await newClient(), await newClient()]
  const sql = db.connect('gateway')
  const edge = await start({ sql })
  await disable(ended.id)
  expect([await statusOf(known.token, edge), await statusOf(ended.token, edge)]).toEqual([200, 401])
  await sql.end({ timeout: 0 })
  time = new Date(time.getTime() + 2_000)
  const answers = [known, unknown].map(async ({ token }) => (await ask(token, edge)).json())
  expect((await Promise.all(answers)).map((one) => one.rateLimitPerMinute)).toEqual([700, 60])
  expect(await statusOf(ended.token, edge)).toBe(401)
  await edge.stop()
})
