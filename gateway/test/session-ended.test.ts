import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { createBrowser, publicOrigin, startEdge, type TestEdge } from './edge-harness.ts'
import { startProvider, type TestProvider } from './provider.ts'

let provider: TestProvider
let db: TestDatabase
let edge: TestEdge
let time = new Date()

beforeAll(async () => {
  provider = await startProvider({ now: () => time })
  db = await testDatabase()
  const { issuer } = provider
  edge = await startEdge({ issuer, sql: db.connect('gateway'), now: () => time })
})
afterAll(async () => {
  await edge.stop()
  await db.drop()
  provider.stop()
})

type Browser = ReturnType<typeof createBrowser>

const signOut = (browser: Browser) => browser.logout()

async function logoutByProvider() {
  const { issuer, person, sign } = provider
  const seconds = Math.floor(time.getTime() / 1_000)
  const event = 'http://schemas.openid.net/event/backchannel-logout'
  const claims = { iss: issuer, aud: 'plexus-web', sub: person.sub, jti: crypto.randomUUID() }
  const times = { iat: seconds, exp: seconds + 120 }
  const token = await sign({ ...claims, ...times, events: { [event]: {} } }, { typ: 'logout+jwt' })
  await edge.fetch(
    new Request(`${publicOrigin}/auth/backchannel-logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: token }),
    }),
  )
}

async function disabledAtProvider(browser: Browser) {
  provider.person.disabled = true
  time = new Date(time.getTime() + 6 * 60_000)
  await browser.ask()
  provider.person.disabled = false
}

async function lostAnswer(browser: Browser) {
  time = new Date(time.getTime() + 6 * 60_000)
  provider.bend.lose = true
  await browser.ask()
  provider.bend.lose = false
  time = new Date(time.getTime() + 11_000)
  await browser.send('/graphql')
}

test.each([
  ['its person signed out', signOut, 'signed-out', true],
  ['the browser signed in anew', (browser: Browser) => browser.signIn(), 'replaced', true],
  ['the provider says so', logoutByProvider, 'provider', false],
  ['the provider renews it no more', disabledAtProvider, 'refused', false],
  ['the answer of the provider was lost', lostAnswer, 'lost', false],
])('a session that ended because %s is told to the audit, once', async (_, end, why, isOwn) => {
  const admin = db.connectAdmin()
  await admin`delete from auth.outbox`
  const browser = createBrowser(edge.fetch)
  await browser.signIn()
  const { sessionId } = await browser.ask()
  await end(browser)
  await signOut(browser)
  const told = await admin`
    select payload from auth.outbox where topic = 'auth.audited' and entity_id = ${sessionId}`
  expect(told.map(({ payload }) => payload)).toEqual([
    {
      ...{ action: 'auth.session-ended', entity: 'Session', entityId: sessionId },
      ...{ actorId: isOwn ? provider.person.sub : null, onBehalfOf: null },
      ...{ requestId: null, ip: null, detail: { why, personId: provider.person.sub } },
    },
  ])
})
