import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { until } from '../../../stack/testing/system.ts'
import { change, disableMutation, inputOf, register, rotateMutation } from './clients.ts'
import { type Graph, newGraph } from './graph.ts'
import { authorizeUrl, newWorld, type World } from './world.ts'

let world: World
let graph: Graph
beforeAll(async () => {
  world = await newWorld()
  graph = await newGraph(world.base)
})
afterAll(async () => {
  await graph.stop()
  await world.stop()
})

type Secret = { id: string; secret: string }

async function newClient(input = inputOf()): Promise<Secret> {
  const { client, secretShownOnce } = await register(graph, input)
  return { id: client.clientId, secret: secretShownOnce }
}

const basic = ({ id, secret }: Secret) => `Basic ${btoa(`${id}:${secret}`)}`

async function askToken(
  client: Secret,
  fields: Record<string, string> = {},
  { way = 'basic', at = world.issuer }: { way?: 'basic' | 'post'; at?: string } = {},
) {
  const secretFields = way === 'post' ? { client_id: client.id, client_secret: client.secret } : {}
  const response = await fetch(`${at}/token`, {
    method: 'POST',
    headers: way === 'basic' ? { authorization: basic(client) } : {},
    body: new URLSearchParams({ grant_type: 'client_credentials', ...secretFields, ...fields }),
  })
  const { status, headers } = response
  return { status, headers, body: await response.json() }
}

const refused = {
  status: 401,
  body: { error: 'invalid_client', error_description: 'client authentication failed' },
}

describe('a client-credentials token', () => {
  test.each(['basic', 'post'] as const)('is a signed at+jwt of ten minutes (%s)', async (way) => {
    const client = await newClient(inputOf({ rateLimitPerMinute: 120 }))
    const { status, body } = await askToken(client, { scope: 'bookings:read' }, { way })
    expect(status).toBe(200)
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 600, scope: 'bookings:read' })
    expect(body).not.toHaveProperty('refresh_token')
    const keys = createRemoteJWKSet(new URL(`${world.issuer}/jwks`))
    const { payload } = await jwtVerify(body.access_token, keys, {
      issuer: world.issuer,
      audience: 'plexus',
    })
    expect(decodeProtectedHeader(body.access_token)).toMatchObject({ typ: 'at+jwt', alg: 'ES256' })
    expect(payload).toMatchObject({
      sub: client.id,
      client_id: client.id,
      scope: 'bookings:read',
      roles: ['partner_app'],
      rate_limit_per_minute: 120,
    })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(600)
  })

  test.each([
    [['bookings:read'], 'bookings:read bookings:write', 'bookings:read'],
    [['bookings:read'], 'users:admin openid api bookings:read', 'bookings:read'],
    [['bookings:read', 'bookings:write'], '', 'bookings:read bookings:write'],
    [['bookings:write'], 'bookings:read', undefined],
  ])('of a client with %p that asks for "%s" holds %p', async (scopes, scope, granted) => {
    const client = await newClient(inputOf({ scopes }))
    const { body } = await askToken(client, scope ? { scope } : {})
    expect(body.scope).toBe(granted)
  })

  test('says when the client last took one', async () => {
    const client = await newClient()
    await askToken(client)
    const [row] = await world.base.connectAdmin()<{ lastUsedAt: Date | null }[]>`
      select last_used_at from auth.api_client where id = ${client.id}`
    expect(row?.lastUsedAt).not.toBeNull()
  })
})

test('the answer to a repeated registration has the secret that works', async () => {
  const input = inputOf()
  const first = await newClient(input)
  const again = await newClient(input)
  expect(await askToken(first)).toMatchObject(refused)
  expect((await askToken(again)).status).toBe(200)
})

describe('a client gets nothing', () => {
  test('with a wrong secret, and an unknown client is answered alike', async () => {
    const client = await newClient()
    const wrong = await askToken({ ...client, secret: `${client.secret.slice(0, -1)}!` })
    const unknown = await askToken({ ...client, id: '01890000-0000-7000-8000-000000000000' })
    const noId = await askToken({ ...client, id: "x' or '1'='1" })
    for (const answer of [wrong, unknown, noId]) expect(answer).toMatchObject(refused)
    expect(unknown.body).toEqual(wrong.body)
    expect((await askToken(client)).status).toBe(200)
  })

  test('with the hash that a reader of the database would see', async () => {
    const client = await newClient()
    const [row] = await world.base.connectAdmin()<{ secretHash: Buffer }[]>`
      select secret_hash from auth.api_client where id = ${client.id}`
    const secret = row?.secretHash.toString('base64url') ?? ''
    expect(await askToken({ ...client, secret })).toMatchObject(refused)
  })

  test('with a secret that was rotated, from that moment on', async () => {
    const client = await newClient()
    expect((await askToken(client)).status).toBe(200)
    const { secretShownOnce } = await change(graph, rotateMutation, client.id)
    expect(await askToken(client)).toMatchObject(refused)
    expect((await askToken({ ...client, secret: secretShownOnce })).status).toBe(200)
  })

  test('once it is disabled, from that moment on', async () => {
    const client = await newClient()
    expect((await askToken(client)).status).toBe(200)
    await change(graph, disableMutation, client.id)
    expect(await askToken(client)).toMatchObject(refused)
  })

  test('when it is disabled between its question and the answer', async () => {
    const client = await newClient()
    const other = world.base.connectAdmin()
    const watcher = world.base.connectAdmin()
    let asked: ReturnType<typeof askToken> | null = null
    await other.begin(async (sql) => {
      await sql`update auth.api_client set disabled_at = now() where id = ${client.id}`
      // Nothing is committed: the secret is still good when it is compared.
      asked = askToken(client)
      await until(async () => {
        const waiting = await watcher`
          select 1 from pg_locks where not granted and locktype = 'transactionid'`
        return waiting.length > 0
      })
    })
    expect(await asked).toMatchObject(refused)
  })

  test.each([
    'authorization_code',
    'refresh_token',
    'urn:ietf:params:oauth:grant-type:device_code',
  ])('by another grant: %s', async (grant) => {
    const client = await newClient()
    const { status, body } = await askToken(client, { grant_type: grant, code: 'x' })
    expect(status).toBe(400)
    expect(body).not.toHaveProperty('access_token')
  })

  test('through the sign-in page: it has no address to send people back to', async () => {
    const { id } = await newClient()
    const url = authorizeUrl(world.issuer, {
      client_id: id,
      redirect_uri: 'https://partner.example/callback',
    })
    const response = await fetch(url, { redirect: 'manual' })
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
  })
})

test('guessing secrets ends with 429, also with the right one, and never touches the gateway', async () => {
  const limited = await newWorld()
  const own = await newGraph(limited.base)
  try {
    const { client, secretShownOnce } = await register(own)
    const good = { id: client.clientId, secret: secretShownOnce }
    const at = limited.issuer
    const guess = () => askToken({ ...good, secret: 'a guess' }, {}, { at })
    for (let count = 0; count < 60; count += 1) expect((await guess()).status).toBe(401)
    const answer = await askToken(good, {}, { at })
    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await askToken(good, {}, { at, way: 'post' })).status).toBe(429)
    const gateway = { id: 'plexus-web', secret: 'a-secret-of-the-gateway-in-tests' }
    const asGateway = await askToken(
      gateway,
      { grant_type: 'refresh_token', refresh_token: 'x' },
      { at },
    )
    expect(asGateway.body.error).toBe('invalid_grant')
    limited.clock.offsetMs = 11 * 60_000
    expect((await askToken(good, {}, { at })).status).toBe(200)
  } finally {
    await own.stop()
    await limited.stop()
  }
})

test('guessing at another spelling of the address counts like any other', async () => {
  const limited = await newWorld()
  try {
    const guess = (path: string) =>
      fetch(`${limited.issuer}${path}`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${crypto.randomUUID()}:a guess`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      })
    for (let count = 0; count < 60; count += 1) await guess('/token')
    for (const path of ['/token', '/token/', '/TOKEN', '/Token/Introspection', '/Request'])
      expect((await guess(path)).status).toBe(429)
  } finally {
    await limited.stop()
  }
})

test('who was let in before is not kept out by somebody who guesses from the same network', async () => {
  const limited = await newWorld()
  const own = await newGraph(limited.base)
  try {
    const { client, secretShownOnce } = await register(own)
    const good = { id: client.clientId, secret: secretShownOnce }
    const at = limited.issuer
    const gateway = { id: 'plexus-web', secret: 'a-secret-of-the-gateway-in-tests' }
    const asGateway = (path: string) =>
      fetch(`${at}${path}`, {
        method: 'POST',
        headers: { authorization: basic(gateway) },
        body: new URLSearchParams({ token: 'one that nobody knows' }),
      })
    expect((await askToken(good, {}, { at })).status).toBe(200)
    expect((await asGateway('/token/revocation')).status).toBe(200)
    // A request that is refused before anybody looks at its secret proves nothing.
    await fetch(`${at}/token`, {
      ...{ method: 'POST', body: '{}' },
      headers: { authorization: basic({ ...good, secret: 'a guess' }) },
    })
    for (let count = 0; count < 61; count += 1)
      for (const { id } of [good, gateway]) await askToken({ id, secret: 'a guess' }, {}, { at })
    for (const { id } of [good, gateway])
      expect((await askToken({ id, secret: 'a guess' }, {}, { at })).status).toBe(429)
    expect((await askToken(good, {}, { at })).status).toBe(200)
    expect((await asGateway('/token')).status).toBe(400)
    // What was right once is a guess like any other when it is not right any more.
    await change(own, disableMutation, client.clientId)
    expect(await askToken(good, {}, { at })).toMatchObject(refused)
    expect((await askToken(good, {}, { at })).status).toBe(429)
  } finally {
    await own.stop()
    await limited.stop()
  }
})
