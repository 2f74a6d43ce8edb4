import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { costDefaults } from '#kit/cost/settings'
import { weightsOf } from '#kit/cost/weights'
import { createLog } from '#kit/log'
import { roleScopes } from '#schema/scopes'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { supergraphFrom } from '../engine/supergraph/index.ts'
import type { Stage } from '../exchange.ts'
import { explorerFace } from '../explorer/face.ts'
import { facesOf } from '../operations/faces.ts'
import {
  createBrowser,
  exchangeFor,
  publicOrigin,
  startEdge,
  type TestEdge,
} from './edge-harness.ts'
import { fakeSupergraph } from './fake-subgraphs.ts'
import { startHarness } from './harness.ts'
import { clientId, startProvider, type TestProvider } from './provider.ts'

let provider: TestProvider
let db: TestDatabase
let edge: TestEdge
let face: Stage
const harness = startHarness({ engine: 'compiled' })

beforeAll(async () => {
  provider = await startProvider()
  db = await testDatabase()
  const sql = db.connect('gateway')
  const weights = weightsOf(supergraphFrom(fakeSupergraph).document)
  face = facesOf([
    explorerFace({
      ...{ sql, engine: harness.engine },
      log: createLog({ service: 'gateway', write: () => {} }),
      webClientId: clientId,
      pricing: () => ({ weights, listSize: 10, max: costDefaults.max.explorer }),
    }),
  ])
  edge = await startEdge({ issuer: provider.issuer, sql, last: face })
})
afterAll(async () => {
  await Promise.all([edge.stop(), harness.stop()])
  await db.drop()
  provider.stop()
})

let people = 0

/** A new person with that role, signed in; each is somebody else. */
async function signedIn(role: string) {
  people += 1
  provider.person.sub = `00000000-0000-7000-8000-${String(people).padStart(12, '0')}`
  provider.person.roles = [role]
  const browser = createBrowser(edge.fetch)
  await browser.signIn()
  const send = async (method: string, path: string, body?: unknown, headers = {}) => {
    const response = await browser.send(path, {
      ...{ method, headers: { ...ownPage, ...headers } },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text && JSON.parse(text) }
  }
  return { send, browser }
}

const ownPage = {
  'content-type': 'application/json',
  ...{ origin: publicOrigin, 'sec-fetch-site': 'same-origin' },
}
const operations = '/explorer/operations'
const kept = { title: 'Everybody', document: '{ people { name } }', variables: '', shared: false }
const codeOf = (body: { errors: { extensions: { code: string } }[] }) =>
  body.errors[0]?.extensions.code

describe('saved operations', () => {
  test('are kept, listed, changed and deleted by their owner', async () => {
    const { send } = await signedIn('admin')
    const added = await send('POST', operations, { ...kept, title: '  Everybody ' })
    expect(added.status).toBe(201)
    expect(added.headers.get('cache-control')).toBe('private, no-store')
    const { operation } = added.body
    expect(operation).toMatchObject({ ...kept, own: true, version: 1 })
    const changed = await send('PUT', `${operations}/${operation.id}`, {
      ...{ ...kept, title: 'All', shared: true, version: 1 },
    })
    expect(changed.body.operation).toMatchObject({ title: 'All', shared: true, version: 2 })
    const { body } = await send('GET', operations)
    expect(body.operations).toEqual([changed.body.operation])
    const gone = await send('DELETE', `${operations}/${operation.id}?version=2`)
    expect([gone.status, gone.body]).toEqual([204, ''])
    expect((await send('GET', operations)).body.operations).toEqual([])
  })

  test('are shown to others while they are shared, who may not change them', async () => {
    const owner = await signedIn('admin')
    const other = await signedIn('admin')
    const shared = await owner.send('POST', operations, { ...kept, shared: true })
    const own = await owner.send('POST', operations, kept)
    const { id } = shared.body.operation
    const { body } = await other.send('GET', operations)
    expect(body.operations).toEqual([{ ...shared.body.operation, own: false }])
    const change = { ...kept, title: 'Mine', version: 1 }
    for (const [method, path, sent] of [
      ['PUT', `${operations}/${id}`, change],
      ['DELETE', `${operations}/${id}?version=1`, undefined],
    ] as const) {
      const refused = await other.send(method, path, sent)
      expect([refused.status, codeOf(refused.body)]).toEqual([403, 'FORBIDDEN'])
    }
    // What is not shared is not there.
    const hidden = `${operations}/${own.body.operation.id}`
    expect((await other.send('PUT', hidden, change)).status).toBe(404)
    expect((await other.send('DELETE', `${hidden}?version=1`)).status).toBe(404)
    expect((await owner.send('DELETE', `${operations}/${id}?version=1`)).status).toBe(204)
    expect((await owner.send('DELETE', `${hidden}?version=1`)).status).toBe(204)
  })

  test('are not overwritten by who has not seen the last change', async () => {
    const { send } = await signedIn('admin')
    const { id } = (await send('POST', operations, kept)).body.operation
    const path = `${operations}/${id}`
    const both = await Promise.all(
      ['One', 'Two'].map((title) => send('PUT', path, { ...kept, title, version: 1 })),
    )
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(codeOf(both.find(({ status }) => status === 409)?.body)).toBe('CONFLICT')
    expect((await send('DELETE', `${path}?version=1`)).status).toBe(409)
    expect((await send('DELETE', `${path}?version=2`)).status).toBe(204)
  })

  test.each([
    ['without a title', { ...kept, title: ' ' }],
    ['with a title that is too long', { ...kept, title: 'x'.repeat(121) }],
    ['without a document', { ...kept, document: '' }],
    ['with a document that is too long', { ...kept, document: 'x'.repeat(100_001) }],
    ['with variables that are no text', { ...kept, variables: {} }],
    ['with a character that cannot be stored', { ...kept, title: 'a\0b' }],
    ['that is a list', [kept]],
  ])('%s are refused', async (_, body) => {
    const { send } = await signedIn('admin')
    const refused = await send('POST', operations, body)
    expect([refused.status, codeOf(refused.body)]).toEqual([400, 'BAD_USER_INPUT'])
  })

  test('are limited in number for each person', async () => {
    const { send } = await signedIn('admin')
    const { id } = (await send('POST', operations, kept)).body.operation
    const admin = db.connectAdmin()
    await admin`
      insert into gateway.saved_operation (owner_id, title, document)
      select owner_id, 'Many', '{ hello }' from gateway.saved_operation, generate_series(1, 499)
      where id = ${id}`
    const refused = await send('POST', operations, kept)
    expect([refused.status, codeOf(refused.body)]).toEqual([409, 'CONFLICT'])
    await admin`delete from gateway.saved_operation`
  })

  test('are guarded by the rows themselves: without the context of a person nothing is there', async () => {
    const { send } = await signedIn('admin')
    await send('POST', operations, { ...kept, shared: true })
    const sql = db.connect('gateway')
    expect(await sql`select 1 from gateway.saved_operation`).toHaveLength(0)
    const insert = sql`insert into gateway.saved_operation (owner_id, title, document)
      values (${crypto.randomUUID()}, 'x', 'x')`
    await expect(insert.execute()).rejects.toThrow('row-level security')
    // Whom the policies do not bind sees it.
    expect(await db.connectAdmin()`select 1 from gateway.saved_operation`).toHaveLength(1)
  })
})

describe('the plan of an operation', () => {
  const plan = async (body: unknown, headers = {}) =>
    (await signedIn('admin')).send('POST', '/explorer/plan', body, headers)

  test('tells what would be asked, what is denied and what it costs, and runs nothing', async () => {
    const before = harness.asked.length
    const { status, body } = await plan({ query: 'query All { people { name email miles } }' })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      operation: { kind: 'query', name: 'All' },
      ...{ role: null, withheld: [], denied: ['Person.email'] },
      cost: { estimated: 10, max: 10_000, faults: [] },
      fetches: [
        { id: 0, subgraph: 'people', waitsFor: [], cost: { per: 'request', estimated: 10 } },
        { id: 1, subgraph: 'trips', waitsFor: [0], cost: { per: 'entity', estimated: 1 } },
      ],
    })
    expect(harness.asked.length).toBe(before)
  })

  test('is that of a role, and names the scopes that were held back', async () => {
    const query = '{ people { birthday } }'
    expect((await plan({ query })).body.denied).toEqual([])
    const seen = await plan({ query }, { 'x-plexus-role': 'ANONYMOUS' })
    expect(seen.body).toMatchObject({ role: 'ANONYMOUS', denied: ['Person.birthday'] })
    const coach = await plan({ query }, { 'x-plexus-role': 'COACH' })
    expect(coach.body.withheld).toContain('coach')
  })

  test('of a mutation does not change anything', async () => {
    const before = harness.asked.length
    const { body } = await plan({ query: 'mutation { touch }' })
    expect(body.fetches).toMatchObject([{ kind: 'mutation', subgraph: 'people' }])
    expect(harness.asked.length).toBe(before)
  })

  test.each([
    ['text that is no GraphQL', { query: '{ people {' }, 'GRAPHQL_PARSE_FAILED'],
    ['unknown fields', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['missing variables', { query: 'query ($n: String!) { greet(name: $n) }' }, 'BAD_USER_INPUT'],
    ['too much', { query: `{ ${'a: hello '.repeat(20_000)} }` }, 'DOCUMENT_TOO_COMPLEX'],
    ['nothing', {}, 'BAD_REQUEST'],
    ['a list', [], 'BAD_REQUEST'],
  ])('of %s is refused as the graph would', async (_, body, code) => {
    const refused = await plan(body)
    expect([refused.status, codeOf(refused.body)]).toEqual([400, code])
    expect(refused.headers.get('cache-control')).toBe('private, no-store')
  })
})

const requests = [
  ['GET', operations, undefined],
  ['POST', operations, kept],
  ['PUT', `${operations}/${crypto.randomUUID()}`, { ...kept, version: 1 }],
  ['DELETE', `${operations}/${crypto.randomUUID()}?version=1`, undefined],
  ['POST', '/explorer/plan', { query: '{ hello }' }],
] as const

describe('what is for explorers', () => {
  test.each(['support', 'client', 'coach', 'company_admin'])('is refused to %s', async (role) => {
    const { send } = await signedIn(role)
    for (const [method, path, body] of requests)
      expect((await send(method, path, body)).status).toBe(403)
  })

  test('is refused to nobody, and open to an explorer', async () => {
    const browser = createBrowser(edge.fetch)
    const { send } = await signedIn('admin')
    for (const [method, path, body] of requests) {
      const init = { method, headers: ownPage, ...(body && { body: JSON.stringify(body) }) }
      expect((await browser.send(path, init)).status).toBe(403)
      expect((await send(method, path, body)).status).not.toBe(403)
    }
  })

  test('is refused to a program, whatever its scopes', async () => {
    const viewer = {
      ...{ id: crypto.randomUUID(), roles: ['ADMIN'] as const, acr: '2', actor: null },
      ...{ scopes: new Set<string>(roleScopes.ADMIN), sessionId: null },
    }
    const send = (credential: 'bearer' | 'session') => {
      const request = new Request(`${publicOrigin}${operations}`)
      const exchange = Object.assign(exchangeFor(request), { viewer, credential })
      return face(exchange, () => Promise.resolve(new Response()))
    }
    await expect(send('bearer')).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect((await send('session')).status).toBe(200)
  })

  test('is not changed by a page of another site, nor by a form', async () => {
    const { send } = await signedIn('admin')
    const foreign = { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }
    for (const [method, path, body] of requests.slice(1)) {
      const refused = await send(method, path, body, foreign)
      expect([refused.status, codeOf(refused.body)]).toEqual([403, 'CSRF'])
    }
    for (const [method, path, body] of requests.filter(([, , body]) => body)) {
      const refused = await send(method, path, body, { 'content-type': 'text/plain' })
      expect(refused.status).toBe(415)
    }
  })

  test('has methods of its own, and no other addresses', async () => {
    const { send } = await signedIn('admin')
    const wrong = await send('PUT', operations, { ...kept, version: 1 })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, POST'])
    expect((await send('GET', '/explorer/plan')).status).toBe(405)
    expect((await send('DELETE', `${operations}/nothing?version=1`)).status).toBe(404)
    const seen = await send('DELETE', `${operations}/${crypto.randomUUID()}`)
    expect([seen.status, codeOf(seen.body)]).toEqual([400, 'BAD_REQUEST'])
  })
})
