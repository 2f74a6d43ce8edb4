import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Pool } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { createBrowser, edgeConfig, eventually, startEdge, type TestEdge } from './edge-harness.ts'
import { startProvider, type TestProvider } from './provider.ts'

let provider: TestProvider
let db: TestDatabase
let sql: Pool
let admin: Pool
let edge: TestEdge
let neighbour: TestEdge
let time: Date
const now = () => time
const minuteMs = 60_000
const pass = (ms: number) => {
  time = new Date(time.getTime() + ms)
}

beforeAll(async () => {
  provider = await startProvider({ now })
  db = await testDatabase()
  sql = db.connect('gateway', { max: 10 })
  admin = db.connectAdmin()
})
beforeEach(async () => {
  await edge?.stop()
  await neighbour?.stop()
  time = new Date()
  for (const name of Object.keys(provider.bend)) Reflect.deleteProperty(provider.bend, name)
  provider.person.disabled = false
  provider.person.roles = ['client']
  const other = db.connect('gateway', { max: 10 })
  edge = await startEdge({ issuer: provider.issuer, sql, now })
  neighbour = await startEdge({ issuer: provider.issuer, sql: other, now })
})
afterAll(async () => {
  await edge.stop()
  await neighbour.stop()
  await db.drop()
  provider.stop()
})

/** The same browser at another instance, as behind a load balancer. */
const atNeighbour = (browser: ReturnType<typeof createBrowser>) => {
  const other = createBrowser(neighbour.fetch)
  for (const [name, value] of browser.jar) other.jar.set(name, value)
  return other
}

const sessionOf = (browser: ReturnType<typeof createBrowser>) =>
  browser.send('/auth/session').then((response) => response.json())

describe('signing out', () => {
  test('[MP-53] [MP-63] reaches another instance that had just answered for the session', async () => {
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    const other = atNeighbour(browser)
    expect(await other.ask()).toMatchObject({ credential: 'session' })
    expect((await browser.logout()).status).toBe(200)
    const startedAt = performance.now()
    // The clock of the instances stands still, so only the notification can end it: no entry grows
    // stale.
    await eventually(async () => (await other.ask()).credential === 'anonymous')
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  test('ends at the provider without showing a token to the page', async () => {
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    const revocations = provider.counts.revoke
    const answer = await browser.logout()
    expect(await answer.json()).toEqual({ redirectUrl: '/auth/goodbye' })
    expect(browser.jar.has('__Host-plexus')).toBe(false)
    const onward = new URL((await browser.send('/auth/goodbye')).headers.get('location') ?? '')
    expect(onward.href).toStartWith(`${provider.issuer}/end?`)
    expect(onward.searchParams.get('post_logout_redirect_uri')).toBe('https://plexus.test/')
    expect(onward.searchParams.get('id_token_hint')).toStartWith('eyJ')
    await eventually(() => provider.counts.revoke === revocations + 1)
  })

  test('gives the proof for the provider once, and to nobody without the cookie', async () => {
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    await browser.logout()
    const secret = browser.jar.get('__Host-plexus-goodbye') ?? ''
    const stranger = createBrowser(edge.fetch)
    expect((await stranger.send('/auth/goodbye')).headers.get('location')).toBe('/')
    await browser.send('/auth/goodbye')
    browser.jar.set('__Host-plexus-goodbye', secret)
    expect((await browser.send('/auth/goodbye')).headers.get('location')).toBe('/')
  })

  test('twice, or without a session, is no fault', async () => {
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    await browser.logout()
    expect(await (await browser.logout()).json()).toEqual({ redirectUrl: '/' })
  })

  test('works while the provider is down', async () => {
    const down = await startEdge({ issuer: 'http://localhost:1', sql, now })
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    const leaving = createBrowser(down.fetch)
    leaving.jar.set('__Host-plexus', browser.jar.get('__Host-plexus') ?? '')
    expect((await leaving.logout()).status).toBe(200)
    expect((await leaving.send('/auth/goodbye')).headers.get('location')).toBe('/')
    await eventually(async () => (await browser.ask()).credential === 'anonymous')
    await down.stop()
  })
})

describe('a session ends', () => {
  test('when its row is revoked by anybody who may', async () => {
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    const { sessionId } = await browser.ask()
    await admin`update auth.web_session set revoked_at = now() where id = ${sessionId}`
    await eventually(async () => (await browser.ask()).credential === 'anonymous')
    // Another tab may have put a new cookie in its place: it is not taken away.
    expect(browser.jar.has('__Host-plexus')).toBe(true)
  })

  test('after eight hours without use, and not while it is used', async () => {
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    pass(7 * 60 * minuteMs)
    expect(await browser.ask()).toMatchObject({ credential: 'session' })
    pass(4 * 60 * minuteMs)
    expect(await browser.ask()).toMatchObject({ credential: 'session' })
    const idle = createBrowser(edge.fetch)
    await idle.signIn()
    pass(8 * 60 * minuteMs + 1)
    expect(await idle.ask()).toMatchObject({ credential: 'anonymous' })
  })

  test('after twelve hours however much it is used', async () => {
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    for (const _ of [1, 2]) {
      pass(5.9 * 60 * minuteMs)
      expect(await browser.ask()).toMatchObject({ credential: 'session' })
    }
    pass(0.3 * 60 * minuteMs)
    expect(await browser.ask()).toMatchObject({ credential: 'anonymous' })
  })

  test('and the page is told so', async () => {
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    expect(await sessionOf(browser)).toMatchObject({ authenticated: true })
    pass(13 * 60 * minuteMs)
    expect(await sessionOf(browser)).toEqual({
      authenticated: false,
      silent: false,
      provider: { kind: 'embedded' },
    })
  })

  test('when its tokens were altered, or moved from another session', async () => {
    const [mine, yours] = [createBrowser(edge.fetch), createBrowser(edge.fetch)]
    await mine.signIn()
    await yours.signIn()
    const [a, b] = [(await mine.ask()).sessionId, (await yours.ask()).sessionId]
    await admin`update auth.web_session set tokens =
      (select tokens from auth.web_session where id = ${b}) where id = ${a}`
    pass(2_000)
    expect(await mine.ask()).toMatchObject({ credential: 'anonymous' })
    expect(await yours.ask()).toMatchObject({ credential: 'session' })
  })

  test('and a cookie that cannot be ours never reaches the database', async () => {
    const browser = createBrowser(edge.fetch)
    for (const value of ["' or 1=1 --", 'A'.repeat(10_000), '']) {
      browser.jar.set('__Host-plexus', value)
      expect(await browser.ask()).toMatchObject({ credential: 'anonymous' })
    }
  })
})

describe('the provider is asked again', () => {
  test('once, by forty requests on two instances', async () => {
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    const other = atNeighbour(browser)
    pass(5 * minuteMs)
    const before = provider.counts.refresh
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => [browser.ask(), other.ask()]).flat(),
    )
    expect(answers.every(({ credential }) => credential === 'session')).toBe(true)
    expect(provider.counts.refresh).toBe(before + 1)
  })

  test('and roles follow it', async () => {
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    provider.person.roles = ['client', 'coach']
    expect(await browser.ask()).toMatchObject({ roles: ['CLIENT'] })
    pass(5 * minuteMs)
    expect(await browser.ask()).toMatchObject({ roles: ['CLIENT', 'COACH'] })
  })

  test('and a person who was disabled there is out, on every instance', async () => {
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    const other = atNeighbour(browser)
    expect(await other.ask()).toMatchObject({ credential: 'session' })
    provider.person.disabled = true
    pass(5 * minuteMs)
    expect(await browser.ask()).toMatchObject({ credential: 'anonymous' })
    expect(await other.ask()).toMatchObject({ credential: 'anonymous' })
  })

  test('and while it cannot answer nobody is signed out, nor signed in for longer', async () => {
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    provider.bend.tokenStatus = 502
    const before = provider.counts.refresh
    for (const _ of Array.from({ length: 60 })) {
      pass(11 * minuteMs)
      expect(await browser.ask()).toMatchObject({ credential: 'session' })
    }
    // It is left alone for ten seconds after a failure.
    const after = provider.counts.refresh
    expect(after - before).toBe(60)
    pass(2_000)
    await browser.ask()
    expect(provider.counts.refresh).toBe(after)
    pass(61 * minuteMs)
    expect(await browser.ask()).toMatchObject({ credential: 'anonymous' })
  })

  test('and an answer about somebody else ends the session', async () => {
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    const { sub } = provider.person
    provider.person.sub = crypto.randomUUID()
    pass(5 * minuteMs)
    expect(await browser.ask()).toMatchObject({ credential: 'anonymous' })
    provider.person.sub = sub
  })
})

describe('keys and cookies', () => {
  test('[MP-52] a session outlives a new key in front of the ring, and not the end of its own', async () => {
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    const { session } = edgeConfig(provider.issuer)
    const next = { id: 'k2', key: new Uint8Array(32).fill(7) }
    const withKeys = (keys: typeof session.keys) =>
      startEdge({ issuer: provider.issuer, sql, now, config: { session: { ...session, keys } } })
    const rotated = await withKeys([next, ...session.keys])
    const later = await withKeys([next])
    const secret = browser.jar.get('__Host-plexus') ?? ''
    const credentialAt = async (instance: TestEdge) => {
      const moved = createBrowser(instance.fetch)
      moved.jar.set('__Host-plexus', secret)
      return (await moved.ask()).credential
    }
    expect(await credentialAt(rotated)).toBe('session')
    expect(await credentialAt(later)).toBe('anonymous')
    await rotated.stop()
    await later.stop()
  })

  test('without a prefix the cookie is plain, for browsers that refuse Secure on localhost', async () => {
    const laptop = await startEdge({
      issuer: provider.issuer,
      sql,
      now,
      config: { cookiePrefix: '' },
    })
    const browser = createBrowser(laptop.fetch)
    const [cookie = ''] = (await browser.signIn()).headers.getSetCookie()
    expect(cookie).toStartWith('plexus=')
    expect(cookie).not.toContain('Secure')
    await laptop.stop()
  })

  test('two cookies of the name are somebody tossing cookies: neither counts', async () => {
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    const secret = browser.jar.get('__Host-plexus')
    const cookie = `__Host-plexus=${secret}; __Host-plexus=${'C'.repeat(43)}`
    const request = new Request('https://plexus.test/graphql', { headers: { cookie } })
    expect(await (await edge.fetch(request)).json()).toMatchObject({ credential: 'anonymous' })
  })
})

test('without the database a session is neither believed nor taken for an anonymous caller', async () => {
  const url = new URL(db.url('gateway'))
  url.port = '1'
  const gone = db.connect('gateway', { url: url.href })
  const blind = await startEdge({ issuer: provider.issuer, sql: gone, now })
  const browser = createBrowser(blind.fetch)
  browser.jar.set('__Host-plexus', 'D'.repeat(43))
  const answer = await browser.send('/graphql')
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAVAILABLE' } }] })
  expect(browser.jar.has('__Host-plexus')).toBe(true)
  await blind.stop()
})
