import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createServer } from 'node:http'
import { generateKeyPair, SignJWT } from 'jose'
import * as library from 'oidc-provider'
import { createLog } from '#kit/log'
import { database, systemContext } from '#kit/postgres'
import { freePort } from '../../../stack/ports.ts'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'
import { settingsOf } from '../provider/settings.ts'
import { client, signingKey } from './world.ts'

let db: TestDatabase
let asked = 0
const bait = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: () => {
    asked += 1
    return Response.json({ keys: [] })
  },
})
beforeAll(async () => {
  db = await testDatabase()
})
afterAll(async () => {
  await bait.stop(true)
  await db.drop()
})

type Fetch = (url: URL | string, init: RequestInit) => Promise<Response>

/** The provider's own settings, and a client whose row names the address of a key set. */
async function startWith(change: { fetch?: Fetch }) {
  const port = await freePort()
  const issuer = `http://localhost:${port}`
  const settings = settingsOf(
    {
      ...{ issuer, client, jwks: [await signingKey()], audience: 'plexus' },
      ...{ cookieKeys: ['a cookie key of the tests'], now: () => new Date() },
      db: database(db.connect('auth'), systemContext),
      log: createLog({ service: 'auth', level: 'silent' }),
    },
    library,
  )
  const calling = {
    ...{ client_id: 'calling', jwks_uri: `http://127.0.0.1:${bait.port}/jwks` },
    ...{ token_endpoint_auth_method: 'private_key_jwt', grant_types: ['client_credentials'] },
    ...{ redirect_uris: [], response_types: [] },
  }
  const provider = new library.Provider(issuer, {
    ...settings,
    ...change,
    clients: [...settings.clients, calling],
    clientAuthMethods: [...settings.clientAuthMethods, 'private_key_jwt'],
  })
  const server = createServer(provider.callback())
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  return { issuer, stop: () => server.close() }
}

/** Presents itself with a key that the provider would have to fetch. */
async function present(issuer: string): Promise<number> {
  const { privateKey } = await generateKeyPair('ES256')
  const assertion = await new SignJWT({ jti: crypto.randomUUID() })
    .setProtectedHeader({ alg: 'ES256', kid: 'unknown' })
    .setIssuer('calling')
    .setSubject('calling')
    .setAudience(issuer)
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(privateKey)
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'calling',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
  })
  return response.status
}

test('a client whose row names an address does not make the provider call it', async () => {
  const provider = await startWith({})
  expect(await present(provider.issuer)).toBeGreaterThanOrEqual(400)
  expect(asked).toBe(0)
  provider.stop()
})

test('and it would, if its outgoing requests were not its own to choose', async () => {
  const twin = await startWith({ fetch: (url, init) => fetch(url, init) })
  expect(await present(twin.issuer)).toBeGreaterThanOrEqual(400)
  expect(asked).toBeGreaterThan(0)
  twin.stop()
})
