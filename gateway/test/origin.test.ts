import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { createBrowser, publicOrigin, startEdge, type TestEdge } from './edge-harness.ts'
import { startProvider, type TestProvider } from './provider.ts'

const shop = 'https://shop.test'
const evil = 'https://evil.test'

let provider: TestProvider
let db: TestDatabase
let edge: TestEdge
let cookie = ''
let carriedOut = 0

beforeAll(async () => {
  provider = await startProvider()
  db = await testDatabase()
  edge = await startEdge({
    issuer: provider.issuer,
    sql: db.connect('gateway'),
    config: { allowedOrigins: [shop] },
    last: async ({ credential }) => {
      carriedOut += 1
      return Response.json({ credential })
    },
  })
  const browser = createBrowser(edge.fetch)
  await browser.signIn()
  cookie = `__Host-plexus=${browser.jar.get('__Host-plexus')}`
})
afterAll(async () => {
  await edge.stop()
  await db.drop()
  provider.stop()
})

const json = { 'content-type': 'application/json' }
const post = (headers: Record<string, string>, path = '/graphql') =>
  new Request(`${publicOrigin}${path}`, { method: 'POST', headers, body: '{"query":"mutation"}' })

describe('a request that another site made the browser of a signed-in person send', () => {
  const attacks: Record<string, { headers: Record<string, string>; status: number }> = {
    'a form': {
      headers: { origin: evil, 'sec-fetch-site': 'cross-site', 'content-type': 'text/plain' },
      status: 403,
    },
    'a form of a browser without fetch metadata': {
      headers: { origin: evil, 'content-type': 'application/x-www-form-urlencoded' },
      status: 403,
    },
    'a form from a page that hides its origin': {
      headers: { origin: 'null', 'content-type': 'text/plain' },
      status: 403,
    },
    'a script of a sibling host': {
      headers: { origin: 'https://other.plexus.test', 'sec-fetch-site': 'same-site', ...json },
      status: 403,
    },
    'a script of another port': {
      headers: { origin: `${publicOrigin}:8443`, 'sec-fetch-site': 'same-site', ...json },
      status: 403,
    },
    'a script of an allowed origin, with the cookie': {
      headers: { origin: shop, 'sec-fetch-site': 'cross-site', ...json },
      status: 403,
    },
    'JSON that got past the preflight somehow': {
      headers: { origin: evil, 'sec-fetch-site': 'cross-site', ...json },
      status: 403,
    },
    'an origin that only begins like ours': {
      headers: { origin: `${publicOrigin}.evil.test`, ...json },
      status: 403,
    },
    'our origin in the wrong scheme': {
      headers: { origin: 'http://plexus.test', ...json },
      status: 403,
    },
    'fetch metadata that contradicts the origin': {
      headers: { origin: publicOrigin, 'sec-fetch-site': 'cross-site', ...json },
      status: 403,
    },
    'a multipart form without any trace': {
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      status: 415,
    },
    'plain text that names JSON in a parameter': {
      headers: { 'content-type': 'text/plain; a=application/json' },
      status: 415,
    },
    'an urlencoded form without any trace': {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      status: 415,
    },
  }

  test.each(Object.keys(attacks))('%s is refused', async (name) => {
    const attack = attacks[name]
    const before = carriedOut
    const answer = await edge.fetch(post({ cookie, ...attack?.headers }))
    expect(answer.status).toBe(attack?.status ?? 0)
    const code = attack?.status === 403 ? 'CSRF' : 'BAD_REQUEST'
    expect((await answer.json()).errors[0].extensions).toEqual({ code, requestId: 'request-1' })
    expect(carriedOut).toBe(before)
  })

  test.each(Object.keys(attacks))('%s succeeds where the first stage is left out', async (name) => {
    const answer = await edge.unguarded(post({ cookie, ...attacks[name]?.headers }))
    expect(await answer.json()).toEqual({ credential: 'session' })
  })

  test('a read is refused as well: its duration would tell about the person', async () => {
    const headers = { cookie, 'sec-fetch-site': 'cross-site' }
    const request = () => new Request(`${publicOrigin}/graphql?documentId=x`, { headers })
    expect((await edge.fetch(request())).status).toBe(403)
    expect(await (await edge.unguarded(request())).json()).toEqual({ credential: 'session' })
  })

  test('signing out is refused', async () => {
    const attack = { cookie, origin: evil, 'sec-fetch-site': 'cross-site' }
    for (const headers of [attack, { ...attack, 'content-type': 'text/plain' }, { cookie }]) {
      expect((await edge.fetch(post(headers, '/auth/logout'))).status).not.toBe(200)
    }
    const still = new Request(`${publicOrigin}/auth/session`, { headers: { cookie } })
    expect(await (await edge.fetch(still)).json()).toMatchObject({ authenticated: true })
  })
})

describe('a request goes through', () => {
  const honest: Record<string, Record<string, string>> = {
    'from our own page': { origin: publicOrigin, 'sec-fetch-site': 'same-origin', ...json },
    'from our own page in a browser without fetch metadata': { origin: publicOrigin, ...json },
    'that a person repeats by reloading': { 'sec-fetch-site': 'none', ...json },
    'from a program that is no browser': json,
    'with a charset': { 'content-type': 'Application/JSON; charset=utf-8' },
  }
  test.each(Object.keys(honest))('%s', async (name) => {
    const answer = await edge.fetch(post({ cookie, ...honest[name] }))
    expect(await answer.json()).toEqual({ credential: 'session' })
  })

  test('by GET without any header, as tools send it', async () => {
    const request = new Request(`${publicOrigin}/graphql?query=x`, { headers: { cookie } })
    expect(await (await edge.fetch(request)).json()).toEqual({ credential: 'session' })
  })

  test('signing out by our own header or by JSON', async () => {
    for (const headers of [{ 'x-plexus-csrf': '1' }, json]) {
      expect((await edge.fetch(post(headers, '/auth/logout'))).status).toBe(200)
    }
  })
})

describe('pages of other origins', () => {
  const preflight = (origin: string) =>
    new Request(`${publicOrigin}/graphql`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    })

  test('[MP-49] [BC-12] on the list may ask without cookies', async () => {
    const granted = await edge.fetch(preflight(shop))
    expect(granted.status).toBe(204)
    expect(granted.headers.get('access-control-allow-origin')).toBe(shop)
    expect(granted.headers.get('access-control-allow-methods')).toBe('GET, POST')
    expect(granted.headers.has('access-control-allow-credentials')).toBe(false)
    const answer = await edge.fetch(post({ origin: shop, 'sec-fetch-site': 'cross-site', ...json }))
    expect(await answer.json()).toEqual({ credential: 'anonymous' })
    expect(answer.headers.get('access-control-allow-origin')).toBe(shop)
    expect(answer.headers.get('vary')).toBe('accept-encoding, origin')
  })

  test('[MP-49] not on the list learn nothing', async () => {
    const refused = await edge.fetch(preflight(evil))
    expect(refused.status).toBe(403)
    expect(refused.headers.has('access-control-allow-origin')).toBe(false)
    expect((await edge.fetch(post({ origin: evil, ...json }))).status).toBe(403)
  })
})
