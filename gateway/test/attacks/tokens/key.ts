import { newApiKey } from '#kit/api-key'
import { type Attack, type Attacks, bearing } from './attack.ts'
import { type Bent, newPair, seconds, thumbprintOf } from './forge.ts'
import { question, type World } from './world.ts'

const keys = 'OWASP ASVS 6.5, NIST SP 800-63B-4'
const before = (ms: number) => new Date(Date.now() - ms)

const withKey = (
  guard: Attack['guard'],
  make: (world: World) => Promise<string>,
  field: 'secret' | 'ledger' = 'secret',
): Attack => ({
  ...{ guard, source: keys },
  request: async (world) => question({ authorization: `Bearer ${await make(world)}`, field }),
})

export const keyAttacks: Attacks = {
  'a guess at a key whose id is known': withKey('key-secret', async ({ apiKey }) => {
    const { id } = await apiKey()
    return newApiKey(id).text
  }),
  'a key that has ended': withKey('key-expiry', async ({ apiKey }) => {
    return (await apiKey({ expiresAt: before(1_000) })).text
  }),
  'a key that was revoked': withKey('key-revoked', async ({ apiKey }) => {
    return (await apiKey({ revokedAt: before(1_000) })).text
  }),
  'a key that was replaced, after the overlap': withKey('key-expiry', async ({ apiKey }) => {
    const id = crypto.randomUUID()
    const old = newApiKey(id)
    const ended = { previousHash: old.hash, previousUntil: before(1_000) }
    await apiKey({ id, secretHash: newApiKey(id).hash, ...ended })
    return old.text
  }),
  'a key for more than its scopes': withKey(
    'key-scope',
    async ({ apiKey }) => (await apiKey({ scopes: ['bookings:read'] })).text,
    'ledger',
  ),
}

const rfc = 'RFC 7662 sections 2.2 and 4'

const explained = (guard: Attack['guard'], answer: (claims: Bent) => Bent): Attack => ({
  ...{ guard, source: rfc, settings: { introspection: true } },
  request: ({ provider, claims }) => {
    const token = newPair('opaque').jwk.x ?? ''
    provider.opaque.set(token, { active: true, token_type: 'Bearer', ...answer(claims()) })
    return bearing(token)
  },
})

export const introspectionAttacks: Attacks = {
  'an opaque token that the provider has ended': explained('introspection-active', (claims) => ({
    ...claims,
    active: false,
  })),
  'a refresh token, which the provider knows too': explained('introspection-use', (claims) => ({
    ...claims,
    token_type: 'refresh_token',
  })),
  'an opaque token for another API': explained('introspection-audience', (claims) => ({
    ...claims,
    aud: 'billing-api',
  })),
  'an opaque token for nobody': explained('introspection-audience', (claims) => ({
    ...claims,
    aud: undefined,
  })),
  'an opaque token of another issuer': explained('introspection-issuer', (claims) => ({
    ...claims,
    iss: 'https://evil.example',
  })),
  'an opaque token that has ended, of a provider that does not look': explained(
    'introspection-expiry',
    (claims) => ({ ...claims, exp: seconds() - 1 }),
  ),
  'an opaque token that is bound to a key, without a proof': {
    ...explained('proof-required', (claims) => claims),
    request: async ({ provider, claims }) => {
      const token = newPair('opaque').jwk.x ?? ''
      const cnf = { jkt: await thumbprintOf(newPair('program')) }
      provider.opaque.set(token, { active: true, token_type: 'DPoP', ...claims({ cnf }) })
      return bearing(token)
    },
  },
}
