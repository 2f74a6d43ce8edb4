import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Pool } from '#kit/postgres'
import { createVault } from '#kit/vault'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { createBrowser, edgeConfig, eventually, startEdge, type TestEdge } from './edge-harness.ts'
import { startProvider, type TestProvider } from './provider.ts'

let provider: TestProvider
let db: TestDatabase
let admin: Pool
let edges: TestEdge[]
let time: Date
const minuteMs = 60_000
const pass = (ms: number) => {
  time = new Date(time.getTime() + ms)
}

beforeAll(async () => {
  time = new Date()
  provider = await startProvider({ now: () => time })
  db = await testDatabase()
  admin = db.connectAdmin()
  edges = await Promise.all(
    Array.from({ length: 3 }, () =>
      startEdge({ issuer: provider.issuer, sql: db.connect('gateway'), now: () => time }),
    ),
  )
})
beforeEach(() => {
  // Past the rest that follows a failure.
  pass(minuteMs)
  for (const name of Object.keys(provider.bend)) Reflect.deleteProperty(provider.bend, name)
  provider.person.disabled = false
})
afterAll(async () => {
  for (const edge of edges) await edge.stop()
  await db.drop()
  provider.stop()
})

type Browser = ReturnType<typeof createBrowser>

const first = () => edges[0] ?? expect.unreachable()

async function signedIn() {
  const browser = createBrowser(first().fetch)
  await browser.signIn()
  return browser
}

/** The same browser at another instance, as behind a load balancer. */
function at(edge: TestEdge, browser: Browser) {
  const other = createBrowser(edge.fetch)
  for (const [name, value] of browser.jar) other.jar.set(name, value)
  return other
}

const sessionOf = async (browser: Browser) => (await browser.send('/auth/session')).json()

/** Through /auth/login without a page, as the web client goes: where the browser lands. */
async function silently(browser: Browser, returnTo = '/me') {
  const start = await browser.send(`/auth/login?silent=1&returnTo=${encodeURIComponent(returnTo)}`)
  const asked = new URL(start.headers.get('location') ?? '')
  expect(asked.searchParams.get('prompt')).toBe('none')
  const atProvider = await fetch(asked, { redirect: 'manual' })
  const back = await browser.send(atProvider.headers.get('location') ?? '')
  return back.headers.get('location')
}

const refused = { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }

test('two hundred requests on three instances at the end of a token are one question', async () => {
  for (const _ of Array.from({ length: 5 })) {
    const browser = await signedIn()
    pass(6 * minuteMs)
    const before = provider.counts.refresh
    const browsers = edges.map((edge) => at(edge, browser))
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => browsers[index % 3]?.ask()),
    )
    expect(answers.every((answer) => answer?.credential === 'session')).toBe(true)
    expect(provider.counts.refresh).toBe(before + 1)
  }
})

describe('an answer that never arrives', () => {
  /** The provider has changed the refresh token, and nobody here knows the new one. */
  async function withLostAnswer() {
    const browser = await signedIn()
    pass(6 * minuteMs)
    provider.bend.lose = true
    // As with any outage, nobody is signed out by that alone.
    expect(await browser.ask()).toMatchObject({ credential: 'session' })
    provider.bend.lose = false
    pass(11_000)
    return browser
  }

  test('ends the session for the graph, and a sign-in without a page brings it back', async () => {
    const browser = await withLostAnswer()
    const answer = await browser.send('/graphql')
    expect([answer.status, await answer.json()]).toMatchObject([401, refused])
    expect(await sessionOf(browser)).toMatchObject({ authenticated: false, silent: true })
    expect(await silently(browser)).toBe('/me')
    expect(await browser.ask()).toMatchObject({ credential: 'session', id: provider.person.sub })
    expect(await sessionOf(browser)).toMatchObject({ authenticated: true, silent: false })
  })

  test('is an ordinary end when nobody is signed in at the provider', async () => {
    const browser = await withLostAnswer()
    expect(await sessionOf(browser)).toMatchObject({ silent: true })
    provider.bend.signedOut = true
    // Back to the page without a word: nobody had asked to sign in.
    expect(await silently(browser)).toBe('/me')
    expect(browser.jar.has('__Host-plexus')).toBe(false)
    expect(await sessionOf(browser)).toMatchObject({ authenticated: false, silent: false })
    expect(await browser.ask()).toMatchObject({ credential: 'anonymous' })
  })

  test('signs nobody in as somebody else, unseen', async () => {
    const browser = await withLostAnswer()
    expect(await sessionOf(browser)).toMatchObject({ silent: true })
    const { sub } = provider.person
    provider.person.sub = crypto.randomUUID()
    expect(await silently(browser)).toBe('/me')
    expect(await browser.ask()).toMatchObject({ credential: 'anonymous' })
    provider.person.sub = sub
  })

  test('is not what a person gets who was disabled: that session is over, and stays so', async () => {
    const browser = await signedIn()
    provider.person.disabled = true
    pass(6 * minuteMs)
    expect(await browser.ask()).toMatchObject({ credential: 'anonymous' })
    expect(await sessionOf(browser)).toMatchObject({ authenticated: false, silent: false })
  })

  test('leaves nothing that a sign-out would not end', async () => {
    const browser = await withLostAnswer()
    expect(await sessionOf(browser)).toMatchObject({ silent: true })
    const secret = browser.jar.get('__Host-plexus') ?? ''
    await browser.logout()
    browser.jar.set('__Host-plexus', secret)
    expect(await sessionOf(browser)).toMatchObject({ authenticated: false, silent: false })
  })

  test('also that of an instance which died while it asked', async () => {
    const browser = await signedIn()
    pass(6 * minuteMs)
    const asking = Promise.withResolvers<void>()
    provider.bend.hold = asking.promise
    const dying = browser.ask()
    await until(() => provider.counts.refresh, 1)
    // Nothing that it does after this is heard of: the row is as its death has left it.
    const [left] = await admin`
      select id, tokens, renewing_until, renew_at from auth.web_session
      where renewing_until is not null and revoked_at is null`
    asking.resolve()
    await dying
    const { id, ...row } = left ?? {}
    await admin`update auth.web_session set ${admin(row)} where id = ${id}`
    const other = at(edges[1] ?? first(), browser)
    pass(11_000)
    expect((await other.send('/graphql')).status).toBe(401)
    expect(await sessionOf(other)).toMatchObject({ silent: true })
    expect(await silently(other)).toBe('/me')
    expect(await other.ask()).toMatchObject({ credential: 'session' })
  })
})

/** Waits for one more call to the token endpoint. */
async function until(count: () => number, more: number) {
  const goal = count() + more
  const deadline = Date.now() + 5_000
  while (count() < goal && Date.now() < deadline) await Bun.sleep(5)
}

test('fifty ends of tokens at three instances, one in ten of them lost, sign nobody out', async () => {
  let browser = await signedIn()
  const browsers = () => edges.map((edge) => at(edge, browser))
  const before = provider.counts.refresh
  for (let round = 0; round < 50; round += 1) {
    pass(6 * minuteMs)
    provider.bend.lose = round % 10 === 9
    const asked = await Promise.all(browsers().map((one) => one.ask()))
    expect(asked.every(({ credential }) => credential === 'session')).toBe(true)
    if (!provider.bend.lose) continue
    provider.bend.lose = false
    pass(11_000)
    // One of them asks and is told no; the others are answered until they have heard of it.
    await eventually(async () => {
      const answers = await Promise.all(browsers().map((one) => one.send('/graphql')))
      return answers.every(({ status }) => status === 401)
    }, 1_000)
    expect(await silently(browser)).toBe('/me')
    expect(await browser.ask()).toMatchObject({ credential: 'session' })
    // Twelve hours are over sooner or later.
    browser = await signedIn()
  }
  // One call for each end, and one that is told no for each that was lost.
  expect(provider.counts.refresh).toBe(before + 55)
}, 60_000)

describe('a stolen table', () => {
  test('opens no token, even with the keys of the server beside it', async () => {
    const browser = await signedIn()
    const { sessionId } = await browser.ask()
    const [row] = await admin`
      select id, tokens, encode(id_hash, 'hex') as hash from auth.web_session where id = ${sessionId}`
    const { keys } = edgeConfig(provider.issuer).session
    const vault = createVault(keys)
    // Everything that the table holds, in the place of the secret that it does not.
    const hashes = [row?.hash, Buffer.from(row?.hash, 'hex').toString('base64url'), '']
    for (const guess of hashes) {
      expect(vault.completedBy(guess).open(row?.tokens, sessionId)).toBeNull()
    }
    expect(vault.open(row?.tokens, sessionId)).toBeNull()
    // What the keys alone had sealed would be open now.
    expect(vault.open(vault.seal('tokens', sessionId), sessionId)).toBe('tokens')
    // And the cookie completes them.
    const secret = browser.jar.get('__Host-plexus') ?? ''
    expect(vault.completedBy(secret).open(row?.tokens, sessionId)).toContain('refreshToken')
  })

  test('nor does the one of sign-ins under way', async () => {
    const browser = createBrowser(first().fetch)
    const callback = new URL(await browser.begin())
    const [row] = await admin`
      select code_verifier from gateway.login_attempt order by created_at desc limit 1`
    const vault = createVault(edgeConfig(provider.issuer).session.keys)
    const owner = browser.jar.get('__Host-plexus-login') ?? ''
    expect(vault.open(row?.codeVerifier, owner)).toBeNull()
    const state = callback.searchParams.get('state') ?? ''
    expect(vault.completedBy(state).open(row?.codeVerifier, owner)).toMatch(/^[\w-]{43}$/)
  })
})

test('a key that is rotated takes over with the next renewal', async () => {
  const { session } = edgeConfig(provider.issuer)
  const next = { id: 'k2', key: new Uint8Array(32).fill(9) }
  const withKeys = (keys: typeof session.keys) =>
    startEdge({
      ...{ issuer: provider.issuer, sql: db.connect('gateway'), now: () => time },
      config: { session: { ...session, keys } },
    })
  const browser = await signedIn()
  const both = await withKeys([next, ...session.keys])
  const later = await withKeys([next])
  expect(await at(both, browser).ask()).toMatchObject({ credential: 'session' })
  expect(await at(later, browser).ask()).toMatchObject({ credential: 'anonymous' })
  pass(6 * minuteMs)
  expect(await at(both, browser).ask()).toMatchObject({ credential: 'session' })
  // Sealed anew: the old key may go.
  expect(await at(later, browser).ask()).toMatchObject({ credential: 'session' })
  await both.stop()
  await later.stop()
})
