import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { createBrowser, publicOrigin, startEdge, type TestEdge } from './edge-harness.ts'
import { audience, clientId, startProvider, type TestProvider } from './provider.ts'

let provider: TestProvider
let db: TestDatabase
let edge: TestEdge
let time = new Date()

beforeAll(async () => {
  provider = await startProvider()
  db = await testDatabase()
  const sql = db.connect('gateway')
  edge = await startEdge({ issuer: provider.issuer, sql, now: () => time })
})
afterAll(async () => {
  await edge.stop()
  await db.drop()
  provider.stop()
})

const ask = (authorization: string, headers: Record<string, string> = {}) =>
  edge.fetch(
    new Request(`${publicOrigin}/graphql`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', ...headers },
      body: '{}',
    }),
  )
const seconds = () => Math.floor(Date.now() / 1_000)
const goodClaims = (): JWTPayload => ({
  iss: provider.issuer,
  aud: audience,
  sub: provider.person.sub,
  client_id: clientId,
  scope: 'api',
  roles: ['client'],
  exp: seconds() + 300,
})
const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')

describe('a good token', () => {
  test('[FC-29] [MS-25] makes its person the caller, with the scopes of their roles', async () => {
    const answer = await ask(`Bearer ${await provider.accessToken()}`)
    expect(answer.status).toBe(200)
    const who = await answer.json()
    expect(who).toMatchObject({ credential: 'bearer', clientId, id: provider.person.sub })
    expect(who.scopes).toContain('bookings:write')
    expect(who.sessionId).toBeNull()
  })

  test('[FC-29] may be written as Keycloak does: type JWT, typ Bearer, azp and realm roles', async () => {
    const claims = { typ: 'Bearer', azp: 'app', realm_access: { roles: ['coach', 'uma_user'] } }
    const without = { roles: undefined, client_id: undefined }
    const token = await provider.sign({ ...goodClaims(), ...claims, ...without }, { typ: 'JWT' })
    const answer = await ask(`Bearer ${token}`)
    expect(await answer.json()).toMatchObject({ roles: ['COACH'], clientId: 'app' })
  })

  test('of a program on its own gets what its roles and its scope both allow', async () => {
    const program = { sub: 'partner', client_id: 'partner', roles: ['partner_app', 'admin'] }
    const token = await provider.accessToken({ ...program, scope: 'bookings:read users:write' })
    const who = await (await ask(`Bearer ${token}`)).json()
    expect(who.scopes).toEqual(['bookings:read'])
    expect(who.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    const whole = await provider.accessToken({ ...program, scope: 'api' })
    expect(await (await ask(`Bearer ${whole}`)).json()).toMatchObject({ scopes: [], id: who.id })
  })

  test('for a person without the whole API is narrowed to what was granted', async () => {
    const token = await provider.accessToken({ scope: 'openid bookings:read' })
    expect(await (await ask(`bearer ${token}`)).json()).toMatchObject({ scopes: ['bookings:read'] })
  })

  test('ends when it says so, although it was good a moment ago', async () => {
    const authorization = `Bearer ${await provider.accessToken({ exp: seconds() + 60 })}`
    expect((await ask(authorization)).status).toBe(200)
    time = new Date(Date.now() + 61_000)
    const answer = await ask(authorization)
    expect(answer.status).toBe(401)
    expect((await answer.json()).errors[0].message).toBe('The bearer token has expired.')
    time = new Date()
  })
})

describe('a bad token is refused and never an anonymous caller', () => {
  const bad: Record<string, () => string | Promise<string>> = {
    'text that is no token': () => 'hello',
    'two parts': async () => (await provider.accessToken()).split('.').slice(0, 2).join('.'),
    'alg none': () => `${encoded({ alg: 'none', typ: 'at+jwt' })}.${encoded(goodClaims())}.`,
    'alg none with a signature': async () => {
      const [, , signature] = (await provider.accessToken()).split('.')
      return `${encoded({ alg: 'none', typ: 'at+jwt' })}.${encoded(goodClaims())}.${signature}`
    },
    'alg nOnE': () => `${encoded({ alg: 'nOnE', typ: 'at+jwt' })}.${encoded(goodClaims())}.`,
    'HS256 signed with the public key': () =>
      new SignJWT(goodClaims())
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'op-1' })
        .sign(new TextEncoder().encode(JSON.stringify(provider.publicJwk))),
    'a key of somebody else': async () => {
      const { privateKey } = await generateKeyPair('ES256')
      return provider.sign(goodClaims(), { typ: 'at+jwt' }, privateKey)
    },
    'a key that the token brings itself': async () => {
      const { privateKey } = await generateKeyPair('ES256')
      const header = { typ: 'at+jwt', jwk: provider.publicJwk, kid: 'mine' }
      return provider.sign(goodClaims(), header, privateKey)
    },
    'a key set address of its own': async () => {
      const { privateKey } = await generateKeyPair('ES256')
      const header = { typ: 'at+jwt', jku: 'https://evil.test/jwks', kid: 'mine' }
      return provider.sign(goodClaims(), header, privateKey)
    },
    'a critical header that nobody understands': () =>
      `${encoded({ alg: 'ES256', typ: 'at+jwt', kid: 'op-1', crit: ['x'], x: 1 })}.${encoded(goodClaims())}.c2ln`,
    'changed claims': async () => {
      const [header, , signature] = (await provider.accessToken()).split('.')
      return `${header}.${encoded({ ...goodClaims(), roles: ['admin'] })}.${signature}`
    },
    'another issuer': () => provider.accessToken({ iss: 'https://evil.test' }),
    'another audience': () => provider.accessToken({ aud: 'another-api' }),
    'no audience': () => provider.accessToken({ aud: undefined }),
    'no subject': () => provider.accessToken({ sub: undefined }),
    'no end': () => provider.accessToken({ exp: undefined }),
    'a beginning in the future': () => provider.accessToken({ nbf: seconds() + 60 }),
    'roles that are no list': () => provider.accessToken({ roles: 'admin' }),
    'an ID token': () =>
      provider.sign({ ...goodClaims(), aud: [clientId, audience], nonce: 'n' }, { typ: 'JWT' }),
    'an ID token of Keycloak': () => provider.sign({ ...goodClaims(), typ: 'ID' }, { typ: 'JWT' }),
    'a refresh token of Keycloak': () =>
      provider.sign({ ...goodClaims(), typ: 'Refresh' }, { typ: 'JWT' }),
    'a logout token': () => provider.sign(goodClaims(), { typ: 'logout+jwt' }),
    'no type': () => provider.sign(goodClaims(), { typ: undefined }),
    'nine thousand characters': () => 'x'.repeat(9_000),
  }
  test.each(Object.keys(bad))('[MP-43] [MP-44] %s', async (name) => {
    const answer = await ask(`Bearer ${await bad[name]?.()}`)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer realm="plexus", error="invalid_token"',
    )
    expect(await answer.json()).toEqual({
      errors: [
        {
          message: 'The bearer token is not valid.',
          extensions: { code: 'UNAUTHENTICATED', requestId: 'request-1' },
        },
      ],
    })
  })

  test('[MP-44] an expired one, and it says that much', async () => {
    const answer = await ask(`Bearer ${await provider.accessToken({ exp: seconds() - 60 })}`)
    expect(answer.status).toBe(401)
    expect((await answer.json()).errors[0].message).toBe('The bearer token has expired.')
  })

  test.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer a b', 'DPoP', 'Token abc', ''])(
    'header %p',
    async (header) => {
      const answer = await ask(header)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toContain('error="invalid_request"')
    },
  )
})

test('a request that carries a cookie as well is refused: which of the two is meant is a guess', async () => {
  const browser = createBrowser(edge.fetch)
  await browser.signIn()
  const answer = await browser.send('/graphql', {
    headers: { authorization: `Bearer ${await provider.accessToken()}` },
  })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
})

test('[MP-43] a token in RS256 is believed when the provider publishes its key, and only then', async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const other = await startProvider()
  const reader = await startEdge({ issuer: other.issuer, sql: db.connect('gateway') })
  const statusOf = async (kid: string) => {
    const header = { alg: 'RS256', typ: 'at+jwt', kid }
    const token = await other.sign({ ...goodClaims(), iss: other.issuer }, header, privateKey)
    const headers = { authorization: `Bearer ${token}` }
    return (await reader.fetch(new Request(`${publicOrigin}/graphql`, { headers }))).status
  }
  other.publish({ ...(await exportJWK(publicKey)), kid: 'rsa-1', alg: 'RS256', use: 'sig' })
  expect(await statusOf('rsa-1')).toBe(200)
  expect(await statusOf('rsa-2')).toBe(401)
  expect(await statusOf('op-1')).toBe(401)
  await reader.stop()
  other.stop()
})

test('[MP-43] a flood of unknown keys asks the provider once', async () => {
  await ask(`Bearer ${await provider.accessToken()}`)
  const before = provider.counts.keys
  const tokens = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      provider.accessToken({}, { kid: `unknown-${index}` }),
    ),
  )
  const answers = await Promise.all(tokens.map((token) => ask(`Bearer ${token}`)))
  expect(answers.every(({ status }) => status === 401)).toBe(true)
  expect(provider.counts.keys - before).toBeLessThanOrEqual(1)
})

test('while the keys cannot be fetched a token is neither believed nor called bad', async () => {
  const sql = db.connect('gateway')
  const blind = await startEdge({ issuer: 'http://localhost:1', sql })
  const request = new Request(`${publicOrigin}/graphql`, {
    headers: { authorization: `Bearer ${await provider.accessToken()}` },
  })
  const answer = await blind.fetch(request)
  expect(answer.status).toBe(503)
  expect(answer.headers.has('www-authenticate')).toBe(false)
  await blind.stop()
})

describe('the level of a token', () => {
  const levelOf = async (claims: JWTPayload) => {
    const edge = await startEdge({
      ...{ issuer: provider.issuer, sql: db.connect('gateway', { max: 1 }), now: () => time },
      last: async ({ viewer }) => new Response(viewer?.acr),
    })
    const authorization = `Bearer ${await provider.accessToken(claims)}`
    const answer = await edge.fetch(
      new Request(`${publicOrigin}/graphql`, { headers: { authorization } }),
    )
    await edge.stop()
    return answer.text()
  }
  const at = (secondsAgo: number) => ({
    ...{ acr: '2', auth_time: seconds() - secondsAgo },
    exp: seconds() + 300,
  })

  test('is 2 where the token ends before what was proven is too long ago', async () => {
    expect(await levelOf(at(590))).toBe('2')
    expect(await levelOf(at(610))).toBe('1')
  })

  test('is 1 where nobody says when it was proven, and for whoever has shown a password', async () => {
    expect(await levelOf({ acr: '2' })).toBe('1')
    expect(await levelOf({ ...at(0), acr: '1' })).toBe('1')
    expect(await levelOf({})).toBe('1')
  })
})
