import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { createBrowser, publicOrigin, startEdge, type TestEdge } from './edge-harness.ts'
import { startProvider, type TestProvider } from './provider.ts'

const adminer = 'https://adminer.plexus.test'
const uptime = 'https://uptimekuma.plexus.test'

let provider: TestProvider
let db: TestDatabase
let edge: TestEdge
let nowMs = Date.now()

beforeAll(async () => {
  provider = await startProvider()
  db = await testDatabase()
  edge = await startEdge({
    ...{ issuer: provider.issuer, sql: db.connect('gateway') },
    now: () => new Date(nowMs),
    config: { adminToolOrigins: [adminer, uptime] },
  })
})
beforeEach(() => {
  nowMs = Date.now()
  provider.person.roles = ['admin']
})
afterAll(async () => {
  await edge.stop()
  await db.drop()
  provider.stop()
})

type Asked = { cookie?: string; method?: string }

/** As the proxy asks before it lets somebody at a tool. */
const check = (url: string, { cookie, method = 'GET' }: Asked = {}) => {
  const { host, pathname, search } = new URL(url)
  const headers = new Headers({
    'x-forwarded-host': host,
    'x-forwarded-uri': `${pathname}${search}`,
    'x-forwarded-method': method,
    ...(cookie && { cookie }),
  })
  return edge.fetch(new Request('http://gateway:3000/auth/forward', { headers }))
}

const locationOf = (response: Response) => response.headers.get('location') ?? ''

async function signedIn(role = 'admin') {
  provider.person.roles = [role]
  const browser = createBrowser(edge.fetch)
  await browser.signIn()
  return browser
}

type Browser = Awaited<ReturnType<typeof signedIn>>

const doorTo = (url: string) => `/tools?to=${encodeURIComponent(url)}`

/** From the door with a ticket to the tool's host: the cookie that is set there. */
async function cookieAt(browser: Browser, url = `${adminer}/`) {
  const entrance = locationOf(await browser.send(doorTo(url)))
  const entered = await check(entrance)
  return { entrance, entered, cookie: entered.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
}

describe('a tool for administrators', () => {
  test('sends who is not known there to the door, and from it to sign in and back', async () => {
    const asked = await check(`${adminer}/?pgsql=postgres&db=plexus`)
    expect([asked.status, asked.headers.get('cache-control')]).toEqual([303, 'no-store'])
    const door = new URL(locationOf(asked))
    expect(door.origin + door.pathname).toBe(`${publicOrigin}/tools`)
    expect(door.searchParams.get('to')).toBe(`${adminer}/?pgsql=postgres&db=plexus`)
    const browser = createBrowser(edge.fetch)
    const toSignIn = await browser.send(door.pathname + door.search)
    const returnTo = new URL(locationOf(toSignIn), publicOrigin).searchParams.get('returnTo') ?? ''
    expect(returnTo).toBe(door.pathname + door.search)
    expect(locationOf(await browser.signIn(returnTo))).toBe(returnTo)
  })

  test('lets an administrator in who was signed in already, and nobody else', async () => {
    const admin = await cookieAt(await signedIn('admin'), `${adminer}/?db=plexus`)
    expect(locationOf(admin.entered)).toBe(`${adminer}/?db=plexus`)
    const attributes = admin.entered.headers.getSetCookie()[0] ?? ''
    expect(attributes).toMatch(/^__Host-plexus-tool=.*; Path=\/; HttpOnly; SameSite=Lax; Secure$/)
    expect((await check(`${adminer}/`, admin)).status).toBe(200)
    expect((await check(`${adminer}/`, { ...admin, method: 'POST' })).status).toBe(200)
    for (const role of ['client', 'coach', 'support']) {
      const refused = await (await signedIn(role)).send(doorTo(`${adminer}/`))
      expect([role, refused.status]).toEqual([role, 403])
      expect(await refused.text()).toContain('Your account may not use this tool.')
    }
    expect((await check(`${adminer}/`)).status).toBe(303)
    expect((await check(`${adminer}/`, { method: 'POST' })).status).toBe(401)
  })

  test('ends with the session at once', async () => {
    const browser = await signedIn()
    const { cookie } = await cookieAt(browser)
    expect((await check(`${adminer}/`, { cookie })).status).toBe(200)
    await browser.logout()
    expect((await check(`${adminer}/`, { cookie })).status).toBe(303)
  })

  test('knows a cookie of its own host alone, and no other cookie of ours', async () => {
    const browser = await signedIn()
    const { cookie } = await cookieAt(browser)
    expect((await check(`${uptime}/`, { cookie })).status).toBe(303)
    const session = browser.jar.get('__Host-plexus') ?? ''
    expect((await check(`${adminer}/`, { cookie: `__Host-plexus=${session}` })).status).toBe(303)
    expect((await check(`${adminer}/`, { cookie: `__Host-plexus-tool=${session}` })).status).toBe(
      303,
    )
  })

  test('takes a ticket once, within half a minute, on the host that it was made for', async () => {
    const browser = await signedIn()
    const { entrance } = await cookieAt(browser)
    const isTaken = async (url: string) => (await check(url)).headers.getSetCookie().length > 0
    expect(await isTaken(entrance)).toBe(false)
    const next = async () => locationOf(await browser.send(doorTo(`${adminer}/`)))
    expect(await isTaken((await next()).replace(adminer, uptime))).toBe(false)
    const late = await next()
    const ticket = new URL(late).searchParams.get('ticket') ?? ''
    expect((await check(`${adminer}/`, { cookie: `__Host-plexus-tool=${ticket}` })).status).toBe(
      303,
    )
    nowMs += 30_000
    expect(await isTaken(late)).toBe(false)
    expect(await isTaken(await next())).toBe(true)
  })

  test('takes a ticket once, however its letters are written', async () => {
    const browser = await signedIn()
    const { entrance } = await cookieAt(browser)
    const ticket = new URL(entrance).searchParams.get('ticket') ?? ''
    for (const same of [`${ticket}=`, `${ticket}==`, ` ${ticket}`, `${ticket}!`]) {
      const again = new URL(entrance)
      again.searchParams.set('ticket', same)
      const { headers } = await check(again.href)
      expect([same, headers.getSetCookie()]).toEqual([same, []])
    }
  })

  test('sends nobody anywhere else', async () => {
    const browser = await signedIn()
    for (const url of ['https://evil.test/', 'http://adminer.plexus.test/', 'javascript:alert(1)'])
      expect([url, (await browser.send(doorTo(url))).status]).toEqual([url, 404])
    expect((await check('https://evil.test/')).status).toBe(404)
    const entrance = new URL(locationOf(await browser.send(doorTo(`${adminer}/`))))
    entrance.searchParams.set('to', '.evil.test/')
    expect(locationOf(await check(entrance.href))).toBe(adminer)
    const asked = await check(`${adminer}//evil.test/`)
    const to = new URL(locationOf(asked)).searchParams.get('to') ?? ''
    expect(new URL(to).origin).toBe(adminer)
  })

  test('is nowhere in an installation that has none', async () => {
    const bare = await startEdge({ issuer: provider.issuer, sql: db.connect('gateway') })
    const headers = { 'x-forwarded-host': 'adminer.plexus.test' }
    const answer = await bare.fetch(new Request(`${publicOrigin}/auth/forward`, { headers }))
    expect(answer.status).toBe(404)
    await bare.stop()
  })
})
