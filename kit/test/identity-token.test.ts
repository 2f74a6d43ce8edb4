import { describe, expect, test } from 'bun:test'
import { decodeJwt, decodeProtectedHeader, importJWK, type JWK, SignJWT } from 'jose'
import {
  createMinter,
  createVerifier,
  generateIdentityKeys,
  type Viewer,
} from '../identity-token.ts'

const keys = await generateIdentityKeys('k1')
const strangers = await generateIdentityKeys('k1')

const viewer: Viewer = {
  id: '018f0000-0000-7000-8000-000000000001',
  roles: ['COACH', 'CLIENT'],
  scopes: new Set(['self', 'coach']),
  acr: '1',
  actor: '018f0000-0000-7000-8000-000000000002',
  sessionId: 'session-1',
}

/** A clock that a test moves by hand. */
const clock = () => {
  let time = Date.parse('2026-01-01T00:00:00Z')
  const forward = (seconds: number) => {
    time += seconds * 1_000
  }
  return { now: () => new Date(time), forward }
}

const setUp = () => {
  const { now, forward } = clock()
  return {
    forward,
    now,
    minter: createMinter({ privateJwk: keys.private, now }),
    verifier: createVerifier({ publicJwks: [keys.public], audience: 'bookings', now }),
  }
}

test('a viewer arrives as they left, an impersonation with its actor', async () => {
  const { minter, verifier } = setUp()
  const { viewer: arrived } = await verifier.verify(await minter.mint(viewer, 'bookings'))
  expect(arrived).toEqual({ ...viewer, roles: ['CLIENT', 'COACH'] })
})

test('an anonymous caller has a token without subject and without scopes', async () => {
  const { minter, verifier } = setUp()
  const token = await minter.mint(null, 'bookings')
  expect(decodeJwt(token)).toMatchObject({ scope: '', aud: 'bookings', iss: 'plexus-gateway' })
  expect(decodeJwt(token)).not.toHaveProperty('sub')
  expect((await verifier.verify(token)).viewer).toBeNull()
})

test('a token names its key, its kind and its algorithm and lives 60 seconds', async () => {
  const { minter } = setUp()
  const token = await minter.mint(viewer, 'bookings')
  expect(decodeProtectedHeader(token)).toEqual({
    alg: 'EdDSA',
    typ: 'plexus-identity+jwt',
    kid: 'k1',
  })
  const { iat = 0, exp = 0 } = decodeJwt(token)
  expect(exp - iat).toBe(60)
})

test('the same viewer gets the same token until 15 seconds before its end', async () => {
  const { minter, forward } = setUp()
  const first = await minter.mint(viewer, 'bookings')
  forward(44)
  expect(await minter.mint({ ...viewer }, 'bookings')).toBe(first)
  forward(1)
  expect(await minter.mint(viewer, 'bookings')).not.toBe(first)
})

test('another audience, session, scope or actor never shares a token', async () => {
  const { minter } = setUp()
  const tokens = await Promise.all([
    minter.mint(viewer, 'bookings'),
    minter.mint(viewer, 'users'),
    minter.mint({ ...viewer, sessionId: 'session-2' }, 'bookings'),
    minter.mint({ ...viewer, scopes: new Set(['self']) }, 'bookings'),
    minter.mint({ ...viewer, actor: null }, 'bookings'),
    minter.mint(null, 'bookings'),
  ])
  expect(new Set(tokens).size).toBe(tokens.length)
})

test('a role that this release does not know is dropped and the rest stays', async () => {
  const { verifier, now } = setUp()
  const token = await forge({ claims: { roles: ['CLIENT', 'ORACLE'] }, now })
  expect((await verifier.verify(token)).viewer?.roles).toEqual(['CLIENT'])
})

test('[MP-52] keys rotate: a verifier that knows both accepts both', async () => {
  const { now } = setUp()
  const next = await generateIdentityKeys('k2')
  const publicJwks = [keys.public, next.public]
  const verifier = createVerifier({ publicJwks, audience: 'bookings', now })
  for (const { private: privateJwk } of [keys, next]) {
    const token = await createMinter({ privateJwk, now }).mint(viewer, 'bookings')
    expect((await verifier.verify(token)).viewer?.id).toBe(viewer.id)
  }
})

type Forgery = {
  claims?: Record<string, unknown>
  header?: { alg?: string; typ?: string; kid?: string }
  key?: JWK | Uint8Array
  now: () => Date
}

/** A token like the minter's, except for what is given. */
async function forge({ claims = {}, header = {}, key = keys.private, now }: Forgery) {
  const iat = now().getTime() / 1_000
  const subject = { sub: viewer.id, scope: 'self', roles: ['CLIENT'], acr: '1' }
  const standard = { iss: 'plexus-gateway', aud: 'bookings', iat, exp: iat + 60 }
  const payload = { ...subject, ...standard, ...claims }
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'EdDSA', typ: 'plexus-identity+jwt', kid: 'k1', ...header })
    .sign(key instanceof Uint8Array ? key : await importJWK(key, 'EdDSA'))
}

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The attacker keeps the payload and drops the signature. */
const unsigned = (token: string) =>
  `${base64url({ alg: 'none', typ: 'plexus-identity+jwt', kid: 'k1' })}.${token.split('.')[1]}.`

/** Algorithm confusion: the public key, which everybody knows, as an HMAC secret. */
const publicKeyAsSecret = new TextEncoder().encode(String(keys.public.x))

describe('a refused token', () => {
  const attacks: Record<string, (now: () => Date) => Promise<string>> = {
    'signed by a stranger under our kid': (now) => forge({ key: strangers.private, now }),
    'of an unknown kid': (now) => forge({ header: { kid: 'k9' }, now }),
    'with alg none': async (now) => unsigned(await forge({ now })),
    'with the public key as an HMAC secret': (now) =>
      forge({ header: { alg: 'HS256' }, key: publicKeyAsSecret, now }),
    'of another kind of token': (now) => forge({ header: { typ: 'at+jwt' }, now }),
    'for another subgraph': (now) => forge({ claims: { aud: 'users' }, now }),
    'of another issuer': (now) => forge({ claims: { iss: 'https://id.example.org' }, now }),
    'that ended more than five seconds ago': (now) =>
      forge({ claims: { exp: now().getTime() / 1_000 - 6 }, now }),
    'that is not valid yet': (now) => forge({ claims: { nbf: now().getTime() / 1_000 + 60 }, now }),
    'without an end': (now) => forge({ claims: { exp: undefined }, now }),
    'that gives itself a long life': (now) =>
      forge({
        claims: { iat: now().getTime() / 1_000 - 3_600, exp: now().getTime() / 1_000 + 3_600 },
        now,
      }),
    'with an empty subject': (now) => forge({ claims: { sub: '' }, now }),
    'that is not a token': async () => 'bookings',
    'that is empty': async () => '',
  }
  test.each(Object.entries(attacks))('%s', async (_name, attack) => {
    const { verifier, now } = setUp()
    const verdict = verifier.verify(await attack(now))
    await expect(verdict).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  test('negative control: the forger without a forgery is let in, and so is a late token within five seconds', async () => {
    const { verifier, now } = setUp()
    expect((await verifier.verify(await forge({ now }))).viewer?.id).toBe(viewer.id)
    const late = await forge({ claims: { exp: now().getTime() / 1_000 - 4 }, now })
    expect((await verifier.verify(late)).viewer?.id).toBe(viewer.id)
  })

  test('negative control: the stranger is let in by a verifier that trusts their key', async () => {
    const { now } = setUp()
    const naive = createVerifier({ publicJwks: [strangers.public], audience: 'bookings', now })
    const token = await forge({ key: strangers.private, now })
    expect((await naive.verify(token)).viewer?.id).toBe(viewer.id)
  })
})

test('[MP-62] a token that was verified once is refused after its end as well', async () => {
  const { minter, verifier, forward } = setUp()
  const token = await minter.mint(viewer, 'bookings')
  await verifier.verify(token)
  forward(64)
  await verifier.verify(token)
  forward(1)
  await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test.each([
  ['as the minter signs it', 0, 60],
  ['that ends early', 0, 10],
  ['that is late when it comes first', 0, -3],
  ['that ends late', 0, 3_600],
  ['that was issued before it came', -50, 60],
  ['that is of the near future', 3, 60],
  ['that ends within a second', 0.5, 20.5],
])('a token %s is judged alike by who knows it and by who does not', async (_, iat, exp) => {
  const { now, verifier, forward } = setUp()
  const at = now().getTime() / 1_000
  const token = await forge({ claims: { iat: at + iat, exp: at + exp }, now })
  const judge = async (by: typeof verifier) =>
    by.verify(token).then(
      () => 'accepted',
      () => 'refused',
    )
  for (let second = 0; second < 75; second += 1) {
    const stranger = createVerifier({ publicJwks: [keys.public], audience: 'bookings', now })
    expect([second, await judge(verifier)]).toEqual([second, await judge(stranger)])
    forward(1)
  }
})

test('[MP-62] a verified token is not verified again: the second answer is the same object', async () => {
  const { minter, verifier } = setUp()
  const token = await minter.mint(viewer, 'bookings')
  const first = await verifier.verify(token)
  expect((await verifier.verify(token)).viewer).toBe(first.viewer)
})
