import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { type Neighbour, neighbourAt } from '../http/forward.ts'
import { publicOrigin, startEdge, type TestEdge } from './edge-harness.ts'
import { startProvider, type TestProvider } from './provider.ts'

type Received = { readonly path: string; readonly headers: Headers; readonly body: string }

let provider: TestProvider
let db: TestDatabase
let local: TestEdge
let remote: TestEdge
let alone: TestEdge
let server: Bun.Server<undefined>
let answer: () => Response
const received: Received[] = []

/** Billing, as far as a webhook is concerned. */
const billing: Neighbour = async (request) => {
  const { pathname } = new URL(request.url)
  received.push({ path: pathname, headers: request.headers, body: await request.text() })
  return answer()
}

beforeAll(async () => {
  provider = await startProvider()
  db = await testDatabase()
  server = Bun.serve({ port: 0, fetch: billing })
  const started = (neighbour?: Neighbour) =>
    startEdge({
      issuer: provider.issuer,
      sql: db.connect('gateway'),
      neighbours: new Map(neighbour ? [['billing', neighbour]] : []),
    })
  local = await started(billing)
  remote = await started(neighbourAt(`http://127.0.0.1:${server.port}/graphql`))
  alone = await started()
})
afterAll(async () => {
  for (const edge of [local, remote, alone]) await edge.stop()
  await server.stop(true)
  await db.drop()
  provider.stop()
})
beforeEach(() => {
  received.length = 0
  answer = () => new Response('{"secret":"inner"}', { status: 200 })
})

/** Whatever is in it must arrive as it is: the signature is over these very bytes. */
const body = '{ "id": "evt_1",\n\t"é": "\\u00e9" }\n'

const post = (edge: TestEdge, headers: Record<string, string> = {}, sent: BodyInit = body) =>
  edge.fetch(
    new Request(`${publicOrigin}/webhooks/stripe`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'stripe-signature': 't=1,v1=ab', ...headers },
      body: sent,
    }),
  )

describe.each(['in this process', 'over the network'] as const)(
  'a webhook for a subgraph %s',
  (where) => {
    const edge = () => (where === 'in this process' ? local : remote)

    test('arrives byte for byte, with its signature and type and nothing else of the caller', async () => {
      const { status } = await post(edge(), {
        cookie: '__Host-plexus=secret',
        'x-forwarded-for': '198.51.100.1',
        'x-user-id': 'admin',
      })
      expect(status).toBe(200)
      const [only] = received
      expect(received.length).toBe(1)
      expect(only).toMatchObject({ path: '/webhooks/stripe', body })
      expect(only?.headers.get('stripe-signature')).toBe('t=1,v1=ab')
      expect(only?.headers.get('content-type')).toBe('application/json')
      expect(only?.headers.get('x-request-id')).toBe('request-1')
      for (const name of ['cookie', 'authorization', 'x-forwarded-for', 'x-user-id'])
        expect(only?.headers.has(name)).toBe(false)
    })

    test.each([200, 400, 503])(
      'is answered with its status %d and nothing of its text',
      async (status) => {
        answer = () => new Response('inner words', { status, headers: { 'set-cookie': 'a=b' } })
        const told = await post(edge())
        expect(told.status).toBe(status)
        expect(await told.text()).toBe('')
        expect(told.headers.has('set-cookie')).toBe(false)
        expect(told.headers.has('access-control-allow-origin')).toBe(false)
      },
    )

    test('of any content type is handed on', async () => {
      expect((await post(edge(), { 'content-type': 'text/plain' })).status).toBe(200)
      expect(received[0]?.headers.get('content-type')).toBe('text/plain')
    })
  },
)

test('a webhook that is too long is refused before anybody reads it', async () => {
  expect((await post(local, {}, 'x'.repeat(1_048_577))).status).toBe(413)
  expect(received).toEqual([])
})

test('a webhook may only be posted', async () => {
  const told = await local.fetch(new Request(`${publicOrigin}/webhooks/stripe`))
  expect([told.status, told.headers.get('allow')]).toEqual([405, 'POST'])
})

test('a page of another site cannot make a browser post one', async () => {
  expect((await post(local, { origin: 'https://evil.test' })).status).toBe(403)
  expect(received).toEqual([])
})

test('without the subgraph that it is for there is nothing at its address', async () => {
  expect((await post(alone)).status).toBe(404)
})

test('a subgraph that is down is worth trying again', async () => {
  const gone = await startEdge({
    issuer: provider.issuer,
    sql: db.connect('gateway'),
    neighbours: new Map([['billing', neighbourAt('http://127.0.0.1:1/graphql')]]),
  })
  const told = await post(gone)
  await gone.stop()
  expect(told.status).toBe(503)
  expect(told.headers.get('retry-after')).toBe('1')
})

test('a subgraph that throws counts as down, and its words stay inside', async () => {
  answer = () => {
    throw new Error('password=hunter2')
  }
  const told = await post(local)
  expect(told.status).toBe(503)
  expect(await told.text()).not.toContain('hunter2')
})
