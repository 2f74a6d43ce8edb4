import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { createBrowser, startEdge, type TestEdge } from './edge-harness.ts'
import { startProvider, type TestProvider } from './provider.ts'

let provider: TestProvider
let db: TestDatabase
let edge: TestEdge

beforeAll(async () => {
  provider = await startProvider()
  db = await testDatabase()
  edge = await startEdge({ issuer: provider.issuer, sql: db.connect('gateway') })
})
afterAll(async () => {
  await edge.stop()
  await db.drop()
  provider.stop()
})

test('five tabs that sign in at the same moment all come back, and the browser is signed in', async () => {
  const browser = createBrowser(edge.fetch)
  const callbacks: string[] = []
  // A browser that begins in all tabs at once has no cookie yet that could tie them together.
  for (const tab of [1, 2, 3, 4, 5]) callbacks.push(await browser.begin(`/tab/${tab}`))
  const backs = await Promise.all(callbacks.map((callback) => browser.send(callback)))
  expect(backs.map(({ headers }) => headers.get('location'))).toEqual(
    [1, 2, 3, 4, 5].map((tab) => `/tab/${tab}`),
  )
  expect(await browser.ask()).toMatchObject({ credential: 'session' })
})

test('what one tab still sends with the old cookie takes the new one from nobody', async () => {
  const browser = createBrowser(edge.fetch)
  await browser.signIn()
  const late = createBrowser(edge.fetch)
  for (const [name, value] of browser.jar) late.jar.set(name, value)
  await browser.signIn()
  for (const path of ['/graphql', '/auth/session']) {
    const answer = await late.send(path)
    expect(answer.headers.getSetCookie()).toEqual([])
  }
  expect(await late.ask()).toMatchObject({ credential: 'anonymous' })
  expect(await browser.ask()).toMatchObject({ credential: 'session' })
})

test('a tab that signs out while others ask leaves none of them signed in', async () => {
  const browser = createBrowser(edge.fetch)
  await browser.signIn()
  const secret = browser.jar.get('__Host-plexus') ?? ''
  const asking = Array.from({ length: 20 }, () => browser.send('/auth/session'))
  await Promise.all([...asking, browser.logout()])
  browser.jar.set('__Host-plexus', secret)
  expect(await browser.ask()).toMatchObject({ credential: 'anonymous' })
})
