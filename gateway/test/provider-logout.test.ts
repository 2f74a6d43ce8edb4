import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { generateKeyPair } from 'jose'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import {
  createBrowser,
  eventually,
  publicOrigin,
  startEdge,
  type TestEdge,
} from './edge-harness.ts'
import { audience, clientId, startProvider, type TestProvider } from './provider.ts'

const event = 'http://schemas.openid.net/event/backchannel-logout'
let provider: TestProvider
let db: TestDatabase
let edge: TestEdge
let neighbour: TestEdge

beforeAll(async () => {
  provider = await startProvider()
  db = await testDatabase()
  const { issuer } = provider
  // Standing clocks: nothing in the caches grows stale, so only a notification can end a session.
  const [start, later] = [new Date(), new Date()]
  edge = await startEdge({ issuer, sql: db.connect('gateway'), now: () => start })
  neighbour = await startEdge({ issuer, sql: db.connect('gateway'), now: () => later })
})
afterAll(async () => {
  await edge.stop()
  await neighbour.stop()
  await db.drop()
  provider.stop()
})

const seconds = () => Math.floor(Date.now() / 1_000)
const claims = (changes: Record<string, unknown> = {}) => ({
  iss: provider.issuer,
  aud: clientId,
  sub: provider.person.sub,
  iat: seconds(),
  exp: seconds() + 120,
  jti: crypto.randomUUID(),
  events: { [event]: {} },
  ...changes,
})
const logoutToken = (changes: Record<string, unknown> = {}, header = {}) =>
  provider.sign(claims(changes), { typ: 'logout+jwt', ...header })
const tell = (token: string, instance = edge) =>
  instance.fetch(
    new Request(`${publicOrigin}/auth/backchannel-logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: token }),
    }),
  )
const signedIn = async () => {
  const browser = createBrowser(neighbour.fetch)
  await browser.signIn()
  expect(await browser.ask()).toMatchObject({ credential: 'session' })
  return browser
}

describe('the provider tells that a sign-in ended', () => {
  test.each([
    ['of a person', { sid: undefined }],
    ['of one session', { sub: undefined, sid: 'one' }],
    ['of both', { sid: 'both' }],
  ])('%s, and the sessions end on every instance', async (_, changes) => {
    provider.bend.idToken = (own) => ({ ...own, ...(changes.sid && { sid: changes.sid }) })
    const browsers = [await signedIn(), await signedIn()]
    const answer = await tell(await logoutToken(changes))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    for (const browser of browsers) {
      await eventually(async () => (await browser.ask()).credential === 'anonymous')
    }
    delete provider.bend.idToken
  })

  test('and nobody else is signed out', async () => {
    const browser = await signedIn()
    await tell(await logoutToken({ sub: crypto.randomUUID() }))
    await tell(await logoutToken({ sid: 'another' }))
    const fresh = createBrowser(edge.fetch)
    fresh.jar.set('__Host-plexus', browser.jar.get('__Host-plexus') ?? '')
    expect(await fresh.ask()).toMatchObject({ credential: 'session' })
  })

  test('and the same token later ends no session that began after it', async () => {
    const token = await logoutToken({ iat: seconds() - 60 })
    const browser = await signedIn()
    expect((await tell(token)).status).toBe(200)
    const fresh = createBrowser(edge.fetch)
    fresh.jar.set('__Host-plexus', browser.jar.get('__Host-plexus') ?? '')
    expect(await fresh.ask()).toMatchObject({ credential: 'session' })
  })
})

describe('a token', () => {
  test('counts once, at whichever instance it is shown again', async () => {
    const browser = await signedIn()
    const token = await logoutToken()
    expect((await tell(token)).status).toBe(200)
    await eventually(async () => (await browser.ask()).credential === 'anonymous')
    expect((await tell(token)).status).toBe(400)
    expect((await tell(token, neighbour)).status).toBe(400)
    const again = await signedIn()
    expect((await tell(token)).status).toBe(400)
    expect(await again.ask()).toMatchObject({ credential: 'session' })
  })

  test('counts once when ten come at the same moment', async () => {
    const token = await logoutToken()
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => tell(token, index % 2 ? edge : neighbour)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(400)])
  })

  test('is remembered for as long as it could be shown, and no longer', async () => {
    const admin = db.connectAdmin()
    await admin`
      insert into gateway.logout_token (jti_hash, expires_at)
      values (sha256('old'), now() - interval '1 hour')`
    const { jti } = claims()
    await tell(await logoutToken({ jti }))
    const rows = await admin`
      select expires_at - now() < interval '6 minutes' as soon
      from gateway.logout_token
      where jti_hash in (sha256('old'), ${createHash('sha256').update(jti).digest()})`
    expect(rows.map(({ soon }) => soon)).toEqual([true])
  })
})

describe('it is refused, and nobody is signed out, when the token', () => {
  const bad: Record<string, () => string | Promise<string>> = {
    'is missing': () => '',
    'is too long': () => 'x'.repeat(9_000),
    'is of another issuer': () => logoutToken({ iss: 'https://evil.test' }),
    'is for another client': () => logoutToken({ aud: audience }),
    'has expired': () => logoutToken({ exp: seconds() - 60 }),
    'is older than five minutes': () => logoutToken({ iat: seconds() - 360 }),
    'has no end': () => logoutToken({ exp: undefined }),
    'has no id': () => logoutToken({ jti: undefined }),
    'names nobody': () => logoutToken({ sub: undefined }),
    'carries a nonce, as an ID token does': () => logoutToken({ nonce: 'n' }),
    'tells of another event': () => logoutToken({ events: { 'urn:another': {} } }),
    'tells of no event': () => logoutToken({ events: undefined }),
    'is of another type': () => logoutToken({}, { typ: 'at+jwt' }),
    'is signed by somebody else': async () => {
      const { privateKey } = await generateKeyPair('ES256')
      return provider.sign(claims(), { typ: 'logout+jwt' }, privateKey)
    },
  }
  test.each(Object.keys(bad))('%s', async (name) => {
    const browser = await signedIn()
    expect((await tell((await bad[name]?.()) ?? '')).status).toBe(400)
    const fresh = createBrowser(edge.fetch)
    fresh.jar.set('__Host-plexus', browser.jar.get('__Host-plexus') ?? '')
    expect(await fresh.ask()).toMatchObject({ credential: 'session' })
  })

  test('cannot be checked, because the provider is away', async () => {
    const blind = await startEdge({ issuer: 'http://localhost:1', sql: db.connect('gateway') })
    expect((await tell(await logoutToken(), blind)).status).toBe(503)
    await blind.stop()
  })

  test('comes from the page of another site', async () => {
    const request = new Request(`${publicOrigin}/auth/backchannel-logout`, {
      method: 'POST',
      headers: { origin: 'https://evil.test' },
      body: new URLSearchParams({ logout_token: await logoutToken() }),
    })
    expect((await edge.fetch(request)).status).toBe(403)
  })
})
