import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Pool } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import type { Exchange, Stage } from '../exchange.ts'
import { createBrowser, eventually, startEdge, type TestEdge } from './edge-harness.ts'
import { startProvider, type TestProvider } from './provider.ts'

let provider: TestProvider
let db: TestDatabase
let admin: Pool
let first: TestEdge
let second: TestEdge

/** Requests that the graph is still working on, and what lets all of them go. */
const working: Exchange[] = []
let release = () => {}
let held = Promise.resolve()
const slow: Stage = async (exchange) => {
  working.push(exchange)
  await held
  return Response.json({ id: exchange.viewer?.id ?? null, roles: exchange.viewer?.roles ?? [] })
}

beforeAll(async () => {
  provider = await startProvider()
  db = await testDatabase()
  admin = db.connectAdmin()
  const { issuer } = provider
  first = await startEdge({ issuer, sql: db.connect('gateway'), last: slow })
  second = await startEdge({ issuer, sql: db.connect('gateway'), last: slow })
})
beforeEach(() => {
  working.length = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  held = promise
  release = resolve
})
afterAll(async () => {
  release()
  for (const edge of [first, second]) await edge.stop()
  await db.drop()
  provider.stop()
})

type Browser = ReturnType<typeof createBrowser>

async function signedIn() {
  const browser = createBrowser(first.fetch)
  await browser.signIn()
  return browser
}

/** The same browser, whose request the other instance works on. */
async function asking(browser: Browser): Promise<{ answer: Promise<Response> }> {
  const other = createBrowser(second.fetch)
  for (const [name, value] of browser.jar) other.jar.set(name, value)
  const before = working.length
  const answer = other.send('/graphql')
  await eventually(() => working.length > before)
  return { answer }
}

const codeOf = async (response: Response) => (await response.json()).errors?.[0]?.extensions.code

describe('a request that the graph is working on', () => {
  test('is refused when its session ends at another instance, and let go of', async () => {
    const browser = await signedIn()
    const { answer } = await asking(browser)
    const startedAt = performance.now()
    await browser.logout()
    const response = await answer
    expect([response.status, await codeOf(response)]).toEqual([401, 'UNAUTHENTICATED'])
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    expect(working[0]?.signal.aborted).toBe(true)
  })

  test('and when nobody is told of the end', async () => {
    const browser = await signedIn()
    const { answer } = await asking(browser)
    const startedAt = performance.now()
    // No trigger fires for a replica's writes.
    await admin.begin(async (sql) => {
      await sql`set local session_replication_role = replica`
      await sql`update auth.web_session set revoked_at = now() where revoked_at is null`
    })
    expect((await answer).status).toBe(401)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  test('is to be sent again when its roles change', async () => {
    const browser = await signedIn()
    const { answer } = await asking(browser)
    await admin`update auth.web_session set roles = '{ADMIN}' where revoked_at is null`
    const response = await answer
    expect([response.status, await codeOf(response)]).toEqual([503, 'UNAVAILABLE'])
    const again = await asking(browser)
    release()
    expect(await (await again.answer).json()).toMatchObject({ roles: ['ADMIN'] })
  })

  test('is answered when it is done in a moment, as one that ends its own session', async () => {
    const browser = await signedIn()
    const { answer } = await asking(browser)
    await browser.logout()
    release()
    expect(await (await answer).json()).toMatchObject({ id: provider.person.sub })
  })

  test('goes on when another session ends, when the level rises, and for nobody', async () => {
    const [browser, other] = [await signedIn(), await signedIn()]
    const nobody = createBrowser(second.fetch)
    const { answer } = await asking(browser)
    const anonymous = nobody.send('/graphql')
    await eventually(() => working.length === 2)
    const ending = await asking(other)
    await admin`update auth.web_session set acr = '2', acr_at = now() where revoked_at is null`
    await other.logout()
    expect((await ending.answer).status).toBe(401)
    release()
    const statuses = (await Promise.all([answer, anonymous])).map(({ status }) => status)
    expect(statuses).toEqual([200, 200])
  })
})
