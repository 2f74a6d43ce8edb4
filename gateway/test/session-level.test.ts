import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { JWTPayload } from 'jose'
import type { Pool } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { createBrowser, eventually, startEdge, type TestEdge } from './edge-harness.ts'
import { startProvider, type TestProvider } from './provider.ts'

let provider: TestProvider
let db: TestDatabase
let admin: Pool
let edge: TestEdge
let time: Date
const minuteMs = 60_000
const pass = (ms: number) => {
  time = new Date(time.getTime() + ms)
}
const seconds = (minutesAgo = 0) => Math.floor(time.getTime() / 1_000) - minutesAgo * 60

beforeAll(async () => {
  time = new Date()
  provider = await startProvider({ now: () => time })
  db = await testDatabase()
  admin = db.connectAdmin()
  edge = await startEdge({
    ...{ issuer: provider.issuer, sql: db.connect('gateway'), now: () => time },
    // What a rule for a second factor reads.
    last: async ({ viewer }) => {
      const { acr = null, id = null, sessionId = null } = viewer ?? {}
      return Response.json({ acr, id, sessionId })
    },
  })
})
beforeEach(() => {
  time = new Date()
  for (const name of Object.keys(provider.bend)) Reflect.deleteProperty(provider.bend, name)
})
afterAll(async () => {
  await edge.stop()
  await db.drop()
  provider.stop()
})

type Browser = ReturnType<typeof createBrowser>

/** The provider says how the person signed in, and when. */
const proven = (claims: JWTPayload) => {
  provider.bend.idToken = (own) => ({ ...own, ...claims })
}

async function signedIn(claims: JWTPayload = {}) {
  proven(claims)
  const browser = createBrowser(edge.fetch)
  await browser.signIn()
  return browser
}

const levelOf = async (browser: Browser) => (await browser.ask()).acr
const sessionOf = async (browser: Browser) => (await browser.send('/auth/session')).json()

/** From /auth/login to the provider: what it is asked, and where it sends the browser back to. */
async function begin(browser: Browser, query: string) {
  const start = await browser.send(`/auth/login?${query}`)
  const asked = new URL(start.headers.get('location') ?? '')
  const atProvider = await fetch(asked, { redirect: 'manual' })
  return { asked: asked.searchParams, callback: atProvider.headers.get('location') ?? '' }
}

const landed = async (browser: Browser, callback: string) =>
  (await browser.send(callback)).headers.get('location') ?? ''

describe('a second factor', () => {
  test('counts for fifteen minutes from when it was proven, and not a moment longer', async () => {
    const browser = await signedIn({ acr: '2', auth_time: seconds(5) })
    expect(await levelOf(browser)).toBe('2')
    const { acr, acrUntil } = await sessionOf(browser)
    expect([acr, Date.parse(acrUntil)]).toEqual(['2', seconds(5) * 1_000 + 15 * minuteMs])
    time = new Date(Date.parse(acrUntil) - 1)
    expect(await levelOf(browser)).toBe('2')
    pass(1)
    expect(await levelOf(browser)).toBe('1')
    expect(await sessionOf(browser)).toMatchObject({ acr: '1', acrUntil: null })
  })

  test('counts for nothing when the provider does not say when', async () => {
    const browser = await signedIn({ acr: '2' })
    expect(await levelOf(browser)).toBe('1')
  })

  test('is neither lost by a refresh nor proven anew by it', async () => {
    const browser = await signedIn({ acr: '2', auth_time: seconds() })
    // A refresh tells of the sign-in, and this provider of another time with it.
    proven({ acr: '1', auth_time: seconds() })
    pass(6 * minuteMs)
    const before = provider.counts.refresh
    expect(await levelOf(browser)).toBe('2')
    expect(provider.counts.refresh).toBe(before + 1)
    proven({ acr: '2', auth_time: seconds() })
    pass(10 * minuteMs)
    expect(await levelOf(browser)).toBe('1')
    expect(provider.counts.refresh).toBe(before + 2)
  })

  test('that is proven in the session reaches every instance at once', async () => {
    const browser = await signedIn()
    const other = await startEdge({ issuer: provider.issuer, sql: db.connect('gateway') })
    const elsewhere = createBrowser(other.fetch)
    for (const [name, value] of browser.jar) elsewhere.jar.set(name, value)
    expect(await sessionOf(elsewhere)).toMatchObject({ acr: '1' })
    await admin`update auth.web_session set acr = '2', acr_at = ${time} where revoked_at is null`
    await eventually(async () => (await sessionOf(elsewhere)).acr === '2', 1_000)
    await other.stop()
  })
})

describe('a page that needs a second factor', () => {
  test('sends the browser to prove one, and gets it back at that level', async () => {
    const browser = await signedIn()
    const old = browser.jar.get('__Host-plexus')
    proven({ acr: '2', auth_time: seconds() })
    const { asked, callback } = await begin(browser, 'acr=2&returnTo=/security')
    expect(asked.get('acr_values')).toBe('2')
    expect(await landed(browser, callback)).toBe('/security')
    expect(await levelOf(browser)).toBe('2')
    expect(browser.jar.get('__Host-plexus')).not.toBe(old)
  })

  test('is told when the provider answers below that; the session goes on as it was', async () => {
    const browser = await signedIn()
    const { callback } = await begin(browser, 'acr=2&returnTo=/security')
    expect(await landed(browser, callback)).toBe(
      '/?signin=failed&reason=level-not-met&returnTo=%2Fsecurity',
    )
    expect(await levelOf(browser)).toBe('1')
  })

  test('has the person prove it anew when that was too long ago', async () => {
    const browser = await signedIn()
    proven({ acr: '2', auth_time: seconds(30) })
    const { asked, callback } = await begin(browser, 'acr=2&returnTo=/security')
    expect(asked.has('max_age')).toBe(false)
    const again = new URL(await landed(browser, callback))
    expect(again.searchParams.get('max_age')).toBe('900')
    expect(again.searchParams.get('acr_values')).toBe('2')
    proven({ acr: '2', auth_time: seconds() })
    const atProvider = await fetch(again, { redirect: 'manual' })
    const back = atProvider.headers.get('location') ?? ''
    expect(await landed(browser, back)).toBe('/security')
    expect(await levelOf(browser)).toBe('2')
  })

  test('and goes round no circle with a provider that does not ask again', async () => {
    const browser = await signedIn()
    proven({ acr: '2', auth_time: seconds(30) })
    const { callback } = await begin(browser, 'acr=2&returnTo=/security')
    const again = await fetch(await landed(browser, callback), { redirect: 'manual' })
    const end = await landed(browser, again.headers.get('location') ?? '')
    expect(end).toStartWith('/?signin=failed')
  })
})

describe('what a page may ask for', () => {
  test.each([
    ['action=totp', 'kc_action', 'CONFIGURE_TOTP'],
    ['action=password', 'kc_action', 'UPDATE_PASSWORD'],
    ['action=passkey', 'kc_action', 'webauthn-register'],
    ['action=delete_account', 'kc_action', null],
    ['action=__proto__', 'kc_action', null],
    ['acr=3', 'acr_values', null],
    ['acr=2&silent=1', 'acr_values', '1'],
    ['silent=1', 'prompt', 'none'],
    ['silent=true', 'prompt', null],
    ['prompt=create', 'prompt', null],
    ['max_age=0', 'max_age', null],
    ['locale=fr', 'ui_locales', 'fr'],
    ['locale=xx', 'ui_locales', null],
  ])('%s', async (query, parameter, expected) => {
    const { asked } = await begin(createBrowser(edge.fetch), query)
    expect(asked.get(parameter)).toBe(expected)
  })
})

describe('a silent sign-in', () => {
  test('signs in a browser whose person is signed in at the provider', async () => {
    const browser = createBrowser(edge.fetch)
    proven({ auth_time: seconds(60) })
    const { callback } = await begin(browser, 'silent=1&returnTo=/me')
    expect(await landed(browser, callback)).toBe('/me')
    expect(await sessionOf(browser)).toMatchObject({ authenticated: true, acr: '1' })
    const [row] = await admin`
      select silent, authenticated_at, absolute_end from auth.web_session
      order by created_at desc limit 1`
    expect(row?.silent).toBe(true)
    // The twelve hours began when the person last proved who they are.
    const provenAt = seconds(60) * 1_000
    expect(row?.authenticatedAt.getTime()).toBe(provenAt)
    expect(row?.absoluteEnd.getTime()).toBe(provenAt + 12 * 60 * minuteMs)
  })

  test('keeps nobody signed in for longer than a session may last', async () => {
    const browser = createBrowser(edge.fetch)
    proven({ auth_time: seconds(12 * 60) })
    const { callback } = await begin(browser, 'silent=1&returnTo=/me')
    expect(await landed(browser, callback)).toBe('/me')
    expect(await sessionOf(browser)).toMatchObject({ authenticated: false, silent: false })
  })

  test('leaves alone what is still good, and says nothing, when it would need a page', async () => {
    const browser = await signedIn()
    provider.bend.signedOut = true
    const { callback } = await begin(browser, 'silent=1&returnTo=/me')
    expect(await landed(browser, callback)).toBe('/me')
    expect(await sessionOf(browser)).toMatchObject({ authenticated: true })
  })
})

describe('a sign-in at the provider that was ended here', () => {
  async function begun() {
    const claims = { sid: crypto.randomUUID(), auth_time: seconds(5) }
    return { browser: await signedIn(claims), claims }
  }
  async function endedOne() {
    const one = await begun()
    await one.browser.logout()
    return one
  }

  test('opens a session again only when the person has proven it anew', async () => {
    const { browser, claims } = await endedOne()
    const { asked, callback } = await begin(browser, 'returnTo=/me')
    const givenBack = provider.counts.revoke
    expect(asked.has('max_age')).toBe(false)
    const again = new URL(await landed(browser, callback))
    expect(again.searchParams.get('max_age')).toBe('0')
    expect(again.searchParams.get('prompt')).toBe('login')
    expect(provider.counts.revoke).toBe(givenBack + 1)
    expect(await sessionOf(browser)).toMatchObject({ authenticated: false })
    pass(2_000)
    proven({ ...claims, auth_time: seconds() })
    const atProvider = await fetch(again, { redirect: 'manual' })
    expect(await landed(browser, atProvider.headers.get('location') ?? '')).toBe('/me')
    expect(await sessionOf(browser)).toMatchObject({ authenticated: true })
  })

  test('goes round no circle with a provider that does not ask again', async () => {
    const { browser } = await endedOne()
    const { callback } = await begin(browser, 'returnTo=/me')
    const again = await fetch(await landed(browser, callback), { redirect: 'manual' })
    const end = await landed(browser, again.headers.get('location') ?? '')
    expect(end).toStartWith('/?signin=failed')
  })

  test('opens nothing without a page, and nobody notices', async () => {
    const { browser } = await endedOne()
    const { callback } = await begin(browser, 'silent=1&returnTo=/me')
    expect(await landed(browser, callback)).toBe('/me')
    expect(await sessionOf(browser)).toMatchObject({ authenticated: false })
  })

  test('is none where another session lives on it, or another one took the place of its own', async () => {
    const { browser, claims } = await begun()
    await signedIn(claims)
    await browser.logout()
    expect(await levelOf(await signedIn(claims))).toBe('1')
    const moved = await begun()
    proven({ sid: crypto.randomUUID() })
    await moved.browser.signIn()
    expect(await levelOf(await signedIn(moved.claims))).toBe('1')
  })

  test('is told by the session that was over last, however it ended', async () => {
    const idle = await begun()
    const { sessionId } = await (await signedIn(idle.claims)).ask()
    const past = new Date(time.getTime() - minuteMs)
    await admin`update auth.web_session set expires_at = ${past} where id = ${sessionId}`
    await idle.browser.logout()
    expect(await levelOf(await signedIn(idle.claims))).toBe(null)
    const lost = await begun()
    await (await signedIn(lost.claims)).logout()
    const { sessionId: id } = await lost.browser.ask()
    const later = new Date(time.getTime() + 1_000)
    await admin`
      update auth.web_session
      set revoked_at = ${later}, lost_at = ${later}, ended_because = 'lost'
      where id = ${id}`
    expect(await levelOf(await signedIn(lost.claims))).toBe('1')
  })
})

test('a page is told who signed in, at which level, and what to expect of the provider', async () => {
  const browser = await signedIn()
  expect(await sessionOf(browser)).toEqual({
    ...{ authenticated: true, displayName: 'Ada', roles: ['CLIENT'], acr: '1', acrUntil: null },
    expiresAt: expect.any(String),
    ...{ actor: null, readOnly: false, actingUntil: null },
    ...{ silent: false, provider: { kind: 'embedded' } },
  })
})

test('and for whom, while they act for somebody else', async () => {
  provider.person.roles = ['support']
  const browser = await signedIn()
  const person = crypto.randomUUID()
  await admin`
    update auth.web_session
    set acting_for = ${person}, acting_name = 'Eve', acting_roles = '{CLIENT}',
      acting_until = ${new Date(time.getTime() + minuteMs)}
    where revoked_at is null`
  await eventually(async () => (await sessionOf(browser)).actor !== null)
  expect(await sessionOf(browser)).toMatchObject({
    ...{ displayName: 'Eve', roles: ['CLIENT'], actor: 'Ada', readOnly: true },
    actingUntil: new Date(time.getTime() + minuteMs).toISOString(),
  })
  expect((await browser.ask()).id).toBe(person)
  pass(minuteMs)
  expect(await sessionOf(browser)).toMatchObject({ displayName: 'Ada', actor: null })
  expect((await browser.ask()).id).toBe(provider.person.sub)
})

test('no whole address is kept, and no place where no file knows', async () => {
  await signedIn()
  const [row] = await admin`
    select text(ip) as ip, place from auth.web_session order by created_at desc limit 1`
  expect(row).toEqual({ ip: '203.0.113.0/24', place: null })
})
