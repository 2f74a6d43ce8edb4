import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Pool } from '#kit/postgres'
import { freePort } from '../../stack/ports.ts'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { createBrowser, startEdge, type TestEdge } from './edge-harness.ts'
import { startProvider, type TestProvider } from './provider.ts'

let provider: TestProvider
let db: TestDatabase
let sql: Pool
let admin: Pool
let edge: TestEdge

beforeAll(async () => {
  provider = await startProvider()
  db = await testDatabase()
  sql = db.connect('gateway')
  admin = db.connectAdmin()
  edge = await startEdge({ issuer: provider.issuer, sql })
})
beforeEach(() => {
  for (const name of Object.keys(provider.bend)) Reflect.deleteProperty(provider.bend, name)
})
afterAll(async () => {
  await edge.stop()
  await db.drop()
  provider.stop()
})

const failure = (reason: string) => `/?signin=failed&reason=${reason}`
const locationOf = (response: Response) => response.headers.get('location')

describe('a person signs in', () => {
  test('[FC-46] [MP-22] and comes back to the page they wanted, with a session', async () => {
    const browser = createBrowser(edge.fetch)
    const back = await browser.signIn('/coaches?city=Lyon#top')
    expect(back.status).toBe(303)
    expect(locationOf(back)).toBe('/coaches?city=Lyon#top')
    expect(await browser.ask()).toMatchObject({
      credential: 'session',
      id: provider.person.sub,
      roles: ['CLIENT'],
    })
    const session = await (await browser.send('/auth/session')).json()
    expect(session).toMatchObject({ authenticated: true, displayName: 'Ada', roles: ['CLIENT'] })
  })

  test('[MP-23] and the cookie is bound to this host, out of reach of scripts and of other sites', async () => {
    const browser = createBrowser(edge.fetch)
    const [cookie = ''] = (await browser.signIn()).headers.getSetCookie()
    expect(cookie).toMatch(/^__Host-plexus=[A-Za-z0-9_-]{43}; Max-Age=43200; /)
    for (const attribute of ['Path=/', 'HttpOnly', 'SameSite=Lax', 'Secure']) {
      expect(cookie.split('; ')).toContain(attribute)
    }
    expect(cookie).not.toContain('Domain')
  })

  test('[MP-21] [MP-23] and nothing that the browser receives holds a token or the verifier', async () => {
    const browser = createBrowser(edge.fetch)
    const start = await browser.send('/auth/login')
    const begun = new URL(locationOf(start) ?? '')
    expect(begun.href).toStartWith(`${provider.issuer}/authorize?`)
    expect(begun.searchParams.get('code_challenge_method')).toBe('S256')
    expect(begun.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/)
    const atProvider = await fetch(locationOf(start) ?? '', { redirect: 'manual' })
    const back = await browser.send(locationOf(atProvider) ?? '')
    const seen = [start, back].map((response) => JSON.stringify([...response.headers])).join()
    const session = await (await browser.send('/auth/session')).text()
    expect(seen + session).not.toContain('eyJ')
    expect(seen).not.toContain('code_verifier')
    for (const token of provider.refreshTokens.keys()) expect(seen + session).not.toContain(token)
  })

  test('[KG-25] and the database keeps neither the secret nor a token in clear', async () => {
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    const secret = browser.jar.get('__Host-plexus') ?? 'none'
    const rows = await admin`select encode(id_hash, 'escape') || encode(tokens, 'escape') as seen
      from auth.web_session`
    const text = JSON.stringify(rows)
    expect(rows.length).toBeGreaterThan(0)
    expect(text).not.toContain(secret)
    expect(text).not.toContain('eyJ')
  })

  test('in two tabs at once, and both come back', async () => {
    const browser = createBrowser(edge.fetch)
    const first = await browser.begin('/one')
    const second = await browser.begin('/two')
    expect(locationOf(await browser.send(second))).toBe('/two')
    expect(locationOf(await browser.send(first))).toBe('/one')
  })

  test('again, and gets a new secret while the old one opens nothing', async () => {
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    const old = browser.jar.get('__Host-plexus') ?? ''
    await browser.signIn()
    expect(browser.jar.get('__Host-plexus')).not.toBe(old)
    const thief = createBrowser(edge.fetch)
    thief.jar.set('__Host-plexus', old)
    expect(await thief.ask()).toMatchObject({ credential: 'anonymous' })
  })

  test('and a secret planted beforehand is not the one that is used', async () => {
    const browser = createBrowser(edge.fetch)
    const planted = 'A'.repeat(43)
    browser.jar.set('__Host-plexus', planted)
    await browser.signIn()
    expect(browser.jar.get('__Host-plexus')).not.toBe(planted)
  })
})

describe('a callback is refused', () => {
  test('[MP-22] the second time', async () => {
    const browser = createBrowser(edge.fetch)
    const address = await browser.begin()
    await browser.send(address)
    const calls = provider.counts.code
    expect(locationOf(await browser.send(address))).toBe(failure('replayed'))
    expect(provider.counts.code).toBe(calls)
  })

  test('in a race with itself: one of ten becomes a session', async () => {
    const browser = createBrowser(edge.fetch)
    const address = await browser.begin('/won')
    const answers = await Promise.all(Array.from({ length: 10 }, () => browser.send(address)))
    const won = answers.filter((answer) => locationOf(answer) === '/won')
    expect(won.length).toBe(1)
  })

  test('in another browser, and without the cookie', async () => {
    const address = await createBrowser(edge.fetch).begin()
    const other = createBrowser(edge.fetch)
    await other.begin()
    expect(locationOf(await other.send(address))).toBe(failure('expired'))
    expect(locationOf(await createBrowser(edge.fetch).send(address))).toBe(failure('expired'))
  })

  test('with a state that nobody made, none at all, or two of them', async () => {
    const browser = createBrowser(edge.fetch)
    const address = new URL(await browser.begin())
    const state = address.searchParams.get('state') ?? ''
    address.searchParams.set('state', 'B'.repeat(43))
    expect(locationOf(await browser.send(address.href))).toBe(failure('expired'))
    address.searchParams.delete('state')
    expect(locationOf(await browser.send(address.href))).toBe(failure('expired'))
    address.searchParams.append('state', state)
    address.searchParams.append('state', state)
    expect(locationOf(await browser.send(address.href))).toBe(failure('expired'))
  })

  test('after ten minutes', async () => {
    let time = new Date()
    const late = await startEdge({ issuer: provider.issuer, sql, now: () => time })
    const browser = createBrowser(late.fetch)
    const address = await browser.begin()
    time = new Date(time.getTime() + 600_001)
    expect(locationOf(await browser.send(address))).toBe(failure('expired'))
    await late.stop()
  })

  const bends: Record<string, () => void> = {
    'another nonce': () => {
      provider.bend.idToken = (claims) => ({ ...claims, nonce: 'not ours' })
    },
    'no nonce': () => {
      provider.bend.idToken = ({ nonce: _, ...claims }) => claims
    },
    'another issuer in the ID token': () => {
      provider.bend.idToken = (claims) => ({ ...claims, iss: 'https://evil.test' })
    },
    'another audience': () => {
      provider.bend.idToken = (claims) => ({ ...claims, aud: 'another-client' })
    },
    'an expired ID token': () => {
      provider.bend.idToken = (claims) => ({ ...claims, exp: 1_000_000 })
    },
    'another issuer in the address (mix-up)': () => {
      provider.bend.callback = (parameters) => parameters.set('iss', 'https://evil.test')
    },
    'no issuer in the address': () => {
      provider.bend.callback = (parameters) => parameters.delete('iss')
    },
    'a code of somebody else': () => {
      provider.bend.callback = (parameters) => parameters.set('code', 'stolen')
    },
  }
  test.each(Object.keys(bends))('with %s', async (name) => {
    bends[name]?.()
    const browser = createBrowser(edge.fetch)
    expect(locationOf(await browser.signIn('/wanted'))).toBe(
      `${failure('expired')}&returnTo=%2Fwanted`,
    )
    expect(browser.jar.has('__Host-plexus')).toBe(false)
  })

  test('when the person said no', async () => {
    provider.bend.callback = (parameters) => {
      parameters.delete('code')
      parameters.set('error', 'access_denied')
    }
    expect(locationOf(await createBrowser(edge.fetch).signIn())).toBe(failure('denied'))
  })

  test('when the provider cannot say who it is in our terms', async () => {
    provider.bend.idToken = (claims) => ({ ...claims, sub: 'not-a-uuid' })
    expect(locationOf(await createBrowser(edge.fetch).signIn())).toBe(failure('denied'))
  })

  test('when the provider fails on the way back', async () => {
    provider.bend.tokenStatus = 503
    expect(locationOf(await createBrowser(edge.fetch).signIn())).toBe(failure('unavailable'))
  })
})

describe('while the provider is down', () => {
  test('signing in says so to a person and to a program, and works once it is there', async () => {
    const port = await freePort()
    let time = new Date()
    const issuer = `http://localhost:${port}`
    const early = await startEdge({ issuer, sql, now: () => time })
    const browser = createBrowser(early.fetch)
    const headers = { accept: 'text/html' }
    const page = await browser.send('/auth/login?returnTo=/me', { headers })
    expect(locationOf(page)).toBe(`${failure('unavailable')}&returnTo=%2Fme`)
    const program = await browser.send('/auth/login')
    expect(program.status).toBe(503)
    const { errors } = await program.json()
    expect(errors[0].extensions.code).toBe('UNAVAILABLE')
    const late = await startProvider({ port })
    time = new Date(time.getTime() + 1_000)
    expect(locationOf(await browser.signIn('/me'))).toBe('/me')
    late.stop()
    await early.stop()
  })

  test('who is signed in stays so', async () => {
    const browser = createBrowser(edge.fetch)
    await browser.signIn()
    provider.bend.tokenStatus = 503
    expect(await browser.ask()).toMatchObject({ credential: 'session' })
  })
})
