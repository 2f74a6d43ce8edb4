import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Pool } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import type { WatchSession } from '../streams.ts'
import {
  createBrowser,
  eventually,
  publicOrigin,
  startEdge,
  type TestEdge,
} from './edge-harness.ts'
import { readEvents } from './event-reader.ts'
import { live } from './fake-subgraphs.ts'
import { type Harness, startHarness } from './harness.ts'
import { startProvider, type TestProvider } from './provider.ts'

let provider: TestProvider
let db: TestDatabase
let admin: Pool
let time: Date
let first: Instance
let second: Instance

type Instance = { readonly edge: TestEdge; readonly graph: Harness }

/** A gateway with real sessions over fake subgraphs. */
async function startInstance(sql: Pool): Promise<Instance> {
  const late: { edge?: TestEdge } = {}
  const watchSession: WatchSession = (session, ended) =>
    late.edge?.watchSession(session, ended) ?? (() => {})
  const graph = startHarness({ watchSession, now: () => time })
  late.edge = await startEdge({
    ...{ issuer: provider.issuer, sql, now: () => time },
    last: graph.graph,
  })
  return { edge: late.edge, graph }
}

beforeAll(async () => {
  provider = await startProvider()
  db = await testDatabase()
  admin = db.connectAdmin()
  time = new Date()
  first = await startInstance(db.connect('gateway', { max: 10 }))
  second = await startInstance(db.connect('gateway', { max: 10 }))
})
beforeEach(() => {
  time = new Date()
})
afterAll(async () => {
  for (const { edge } of [first, second]) await edge.stop()
  await db.drop()
  provider.stop()
})

let topics = 0
const newTopic = () => `session-${++topics}`
const query = 'subscription ($topic: String!) { secretChanged(topic: $topic) { number } }'

const subscription = (topic: string, headers: Record<string, string>) =>
  new Request(`${publicOrigin}/graphql`, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables: { topic } }),
  })
const viaGet = (topic: string, headers: Record<string, string>) => {
  const wanted = new URLSearchParams({ query, variables: JSON.stringify({ topic }) })
  const all = { accept: 'text/event-stream', ...headers }
  return new Request(`${publicOrigin}/graphql?${wanted}`, { headers: all })
}

async function openAs(browser: Browser, { edge }: Instance, topic: string) {
  const cookie = [...browser.jar].map((pair) => pair.join('=')).join('; ')
  const response = await edge.fetch(subscription(topic, { cookie }))
  expect(response.status).toBe(200)
  const events = readEvents(response)
  await eventually(() => live.open(topic) > 0)
  return events
}

type Browser = ReturnType<typeof createBrowser>
const signedIn = async () => {
  const browser = createBrowser(first.edge.fetch)
  await browser.signIn()
  return browser
}

const complete = { name: 'complete', data: null }
const ended = {
  name: 'next',
  data: {
    errors: [
      {
        message: 'Your session has ended.',
        extensions: { code: 'UNAUTHENTICATED', requestId: 'request-1' },
      },
    ],
  },
}

describe('a stream of a browser', () => {
  /** How long the streams of a browser that signs out stay open, on either instance. */
  async function signOutAndTime() {
    const browser = await signedIn()
    const [here, there] = [newTopic(), newTopic()]
    const streams = [await openAs(browser, first, here), await openAs(browser, second, there)]
    await browser.logout()
    const startedAt = performance.now()
    for (const events of streams) expect(await events.rest()).toEqual([ended, complete])
    const tookMs = performance.now() - startedAt
    await eventually(() => live.open(here) + live.open(there) === 0)
    return tookMs
  }

  test('that signs out ends at once on every instance, and nobody else’s does', async () => {
    const other = await signedIn()
    const others = newTopic()
    const untouched = await openAs(other, second, others)
    const times: number[] = []
    for (let trial = 0; trial < 5; trial += 1) times.push(await signOutAndTime())
    // By the notification: the look that finds lost ones comes twice a second. The middle one, as
    // one trial may meet a busy machine.
    expect(times.sort((a, b) => a - b)[2]).toBeLessThan(150)
    live.emit(others, 1)
    expect(await untouched.next()).toMatchObject({ name: 'next', data: { data: {} } })
    await untouched.close()
  })

  test('ends within a second even when the notification of its revocation is lost', async () => {
    const browser = await signedIn()
    const events = await openAs(browser, second, newTopic())
    // No trigger fires for a replica's writes.
    await admin.begin(async (sql) => {
      await sql`set local session_replication_role = replica`
      await sql`update auth.web_session set revoked_at = now() where revoked_at is null`
    })
    const startedAt = performance.now()
    expect(await events.rest()).toEqual([ended, complete])
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  test('ends when the session has expired, and does not keep it alive', async () => {
    const browser = await signedIn()
    const events = await openAs(browser, first, newTopic())
    time = new Date(time.getTime() + 9 * 3_600_000)
    expect(await events.rest()).toEqual([ended, complete])
  })

  test('completes when its roles change, so that it is opened again under the new ones', async () => {
    const browser = await signedIn()
    const events = await openAs(browser, first, newTopic())
    await admin`update auth.web_session set roles = '{coach}' where revoked_at is null`
    expect(await events.rest()).toEqual([complete])
  })

  test('may be opened again after it ended only by who is still signed in', async () => {
    const browser = await signedIn()
    const cookie = [...browser.jar].map((pair) => pair.join('=')).join('; ')
    await browser.logout()
    const response = await first.edge.fetch(subscription(newTopic(), { cookie }))
    expect(await readEvents(response).rest()).toMatchObject([
      { data: { data: { secretChanged: null } } },
      complete,
    ])
  })
})

test('a stream of a bearer token ends with the token', async () => {
  const exp = Math.ceil(time.getTime() / 1_000) + 60
  const token = await provider.accessToken({ exp })
  time = new Date(exp * 1_000 - 100)
  const topic = newTopic()
  const headers = { authorization: `Bearer ${token}` }
  const events = readEvents(await first.edge.fetch(subscription(topic, headers)))
  await eventually(() => live.open(topic) === 1)
  expect(await events.rest()).toMatchObject([
    { data: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } },
    complete,
  ])
  expect(live.open(topic)).toBe(0)
})

describe('a page of another site', () => {
  const evil = { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }

  test.each([
    ['POST', subscription],
    ['GET', viaGet],
  ])('cannot open a stream of a signed-in person by %s', async (_, request) => {
    const browser = await signedIn()
    const topic = newTopic()
    const cookie = [...browser.jar].map((pair) => pair.join('=')).join('; ')
    const answer = await first.edge.fetch(request(topic, { cookie, ...evil }))
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'CSRF' } }] })
    expect(live.open(topic)).toBe(0)
    // The twin without the first stage gives the attacker the victim's events.
    const events = readEvents(await first.edge.unguarded(request(topic, { cookie, ...evil })))
    await eventually(() => live.open(topic) === 1)
    live.emit(topic, 7)
    expect(await events.next()).toMatchObject({ data: { data: { secretChanged: { number: 7 } } } })
    await events.close()
  })

  test.each(['PUT', 'GET', 'POST', 'DELETE'])(
    'cannot use one stream for many operations by %s',
    async (method) => {
      const browser = await signedIn()
      const cookie = [...browser.jar].map((pair) => pair.join('=')).join('; ')
      const ask = (more: Record<string, string>) =>
        new Request(`${publicOrigin}/graphql/stream`, {
          method,
          headers: { cookie, 'x-graphql-event-stream-token': 'x', ...more },
          ...(method === 'POST' && { body: '{}' }),
        })
      const answer = await first.edge.fetch(ask({ ...evil, 'content-type': 'application/json' }))
      expect(answer.status).toBe(403)
      expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'CSRF' } }] })
      // What a form could send is refused besides; the others get as far as where nothing is.
      const form = await first.edge.fetch(ask({ 'content-type': 'text/plain' }))
      expect(form.status).toBe(method === 'POST' ? 415 : 404)
    },
  )

  test('reads nothing of a stream that needs no cookie either: no CORS for it', async () => {
    const answer = await first.edge.fetch(subscription(newTopic(), evil))
    expect(answer.status).toBe(403)
    expect(answer.headers.has('access-control-allow-origin')).toBe(false)
  })
})
