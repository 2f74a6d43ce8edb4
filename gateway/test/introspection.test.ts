import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { randomUUID } from 'node:crypto'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { edgeConfig, publicOrigin, startEdge, type TestEdge } from './edge-harness.ts'
import { audience, startProvider, type TestProvider } from './provider.ts'

let provider: TestProvider
let db: TestDatabase
let edge: TestEdge
let time = new Date()

beforeAll(async () => {
  provider = await startProvider({ now: () => time })
  db = await testDatabase()
  edge = await start({ introspection: true })
})
beforeEach(() => {
  time = new Date()
  delete provider.bend.introspectionStatus
})
afterAll(async () => {
  await edge.stop()
  await db.drop()
  provider.stop()
})

const start = ({ introspection }: { introspection: boolean }) =>
  startEdge({
    ...{ issuer: provider.issuer, sql: db.connect('gateway'), now: () => time },
    config: { provider: { ...edgeConfig(provider.issuer).provider, introspection } },
  })

const ask = (token: string, to = edge) =>
  to.fetch(
    new Request(`${publicOrigin}/graphql`, { headers: { authorization: `Bearer ${token}` } }),
  )

const inMs = (ms: number) => new Date(time.getTime() + ms)
const secondsIn = (ms: number) => Math.floor(inMs(ms).getTime() / 1_000)

function opaque(claims: Record<string, unknown> = {}) {
  const token = randomUUID()
  provider.opaque.set(token, {
    ...{ active: true, token_type: 'Bearer', iss: provider.issuer, aud: audience },
    ...{ sub: provider.person.sub, client_id: 'app', scope: 'api', roles: ['coach'] },
    exp: secondsIn(300_000),
    ...claims,
  })
  return token
}

/** How often the provider is asked meanwhile. */
async function asked(work: () => Promise<unknown>): Promise<number> {
  const before = provider.counts.introspect
  await work()
  return provider.counts.introspect - before
}

describe('a token that says nothing itself', () => {
  test('makes whom the provider names the caller', async () => {
    const answer = await ask(opaque())
    expect(await answer.json()).toMatchObject({
      ...{ credential: 'bearer', clientId: 'app', id: provider.person.sub, roles: ['COACH'] },
    })
  })

  test('is asked about once for many requests, and again after thirty seconds', async () => {
    const token = opaque()
    const many = () => Promise.all(Array.from({ length: 30 }, () => ask(token)))
    expect(await asked(many)).toBe(1)
    time = inMs(29_000)
    expect(await asked(many)).toBe(0)
    time = inMs(1_000)
    expect(await asked(many)).toBe(1)
  })

  test('that was ended is refused after thirty seconds at the latest', async () => {
    const token = opaque()
    expect((await ask(token)).status).toBe(200)
    provider.opaque.delete(token)
    time = inMs(30_000)
    expect((await ask(token)).status).toBe(401)
  })

  test('ends when it says so, although it is remembered', async () => {
    const token = opaque({ exp: secondsIn(5_000) })
    expect((await ask(token)).status).toBe(200)
    time = inMs(6_000)
    expect((await ask(token)).status).toBe(401)
  })

  test.each([
    ['unknown', null],
    ['ended', { active: false }],
    ['of another kind', { token_type: 'refresh_token' }],
    ['of no kind', { token_type: undefined }],
    ['a refresh token of Keycloak', { typ: 'Refresh' }],
    ['for another API', { aud: 'other' }],
    ['of nobody', { sub: undefined }],
    ['without an end', { exp: undefined }],
  ])('is refused when it is %s', async (_, claims) => {
    const answer = await ask(claims ? opaque(claims) : randomUUID())
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"')
  })
})

test.each([500, 503, 401, 404])(
  'while the provider answers %p, a token is neither believed nor called bad',
  async (status) => {
    const [token, known] = [opaque(), opaque()]
    expect((await ask(known)).status).toBe(200)
    provider.bend.introspectionStatus = status
    const answer = await ask(token)
    expect(answer.status).toBe(503)
    expect(answer.headers.has('www-authenticate')).toBe(false)
    expect((await ask(known)).status).toBe(200)
    time = inMs(30_000)
    expect((await ask(known)).status).toBe(503)
  },
)

test('a signed token is checked here as ever: the provider is not asked', async () => {
  const token = await provider.accessToken()
  expect(await asked(async () => expect((await ask(token)).status).toBe(200))).toBe(0)
})

test('where it was not asked for, nobody asks: such a token is refused', async () => {
  const other = await start({ introspection: false })
  expect(await asked(async () => expect((await ask(opaque(), other)).status).toBe(401))).toBe(0)
  await other.stop()
})

test('a flood of tokens that nobody knows asks for a hundred at a time', async () => {
  let release = () => {}
  provider.bend.hold = new Promise((resolve) => {
    release = () => resolve()
  })
  const answers = Array.from({ length: 300 }, () => ask(randomUUID()))
  const refused = await Promise.race(answers)
  expect(refused.status).toBe(503)
  release()
  delete provider.bend.hold
  const statuses = await Promise.all(answers.map(async (answer) => (await answer).status))
  expect(statuses.filter((status) => status === 401)).toHaveLength(100)
  expect(statuses.filter((status) => status === 503)).toHaveLength(200)
})
