import { createMinter } from '#kit/identity-token'
import type { Guard } from '../../../identity/guards.ts'
import { type Attack, type Attacks, bearing } from './attack.ts'
import { type Bent, encoded, seconds } from './forge.ts'
import { decrypts } from './fronts.ts'
import type { World } from './world.ts'

/** Signed with the provider's own key: one of its claims is wrong for us. */
const claiming = (guard: Guard, source: string, claims: (world: World) => Bent): Attack => ({
  ...{ guard, source },
  request: (world) => bearing(world.token(claims(world))),
})

const headed = (guard: Guard, source: string, header: Bent, claims: Bent = {}): Attack => ({
  ...{ guard, source },
  request: ({ token }) => bearing(token(claims, header)),
})

/** Written by the provider, with another spelling of the same bytes. */
const respelled = (respell: (token: string) => string): Attack => ({
  ...{ guard: 'token-encoding', source: 'RFC 7515 section 2, RFC 4648 section 3.5' },
  request: ({ token }) => bearing(respell(token())),
})

const confusion = 'RFC 8725 sections 2.8 and 3.11'
const issuers = 'RFC 8725 section 3.8'
const audiences = 'RFC 8725 section 3.9'
const times = 'RFC 7519 section 4.1'
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The last character of a signature has bits that mean nothing. */
const otherLastBits = (token: string) => {
  const last = letters.indexOf(token.at(-1) ?? '')
  return token.slice(0, -1) + letters[last ^ 1]
}

/** As many as it takes until there is one that the other alphabet writes in another way. */
function inOtherAlphabet({ token }: World): string {
  for (;;) {
    const text = token()
    if (/[-_]/.test(text)) return text.replaceAll('-', '+').replaceAll('_', '/')
  }
}

export const claimAttacks: Attacks = {
  'an ID token for an access token': headed('token-use', confusion, { typ: 'JWT' }, { nonce: 'n' }),
  'an ID token of Keycloak': headed('token-use', confusion, { typ: 'JWT' }, { typ: 'ID' }),
  'a refresh token of Keycloak': headed('token-use', confusion, { typ: 'JWT' }, { typ: 'Refresh' }),
  'a logout token of Keycloak': headed(
    'token-use',
    'OIDC Back-Channel Logout section 2.7',
    { typ: 'JWT' },
    { typ: 'Bearer', events: { 'http://schemas.openid.net/event/backchannel-logout': {} } },
  ),
  'a logout token': headed('token-type', 'OIDC Back-Channel Logout section 2.7', {
    typ: 'logout+jwt',
  }),
  'a token without a type': headed('token-type', 'RFC 9068 section 4', { typ: undefined }),
  'a security event': headed('token-type', 'RFC 8417 section 4.5', { typ: 'secevent+jwt' }),
  'a proof of possession for a token': headed('token-type', 'RFC 9449 section 4.3', {
    typ: 'dpop+jwt',
  }),
  'a client assertion for a token': headed('token-type', 'RFC 7523, draft-ietf-oauth-rfc7523bis', {
    typ: 'client-authentication+jwt',
  }),
  'a good token of a program that was disabled': {
    ...{ guard: 'token-client-ended', source: 'OWASP ASVS 7.4.2' },
    request: async ({ token, disabledClient }) =>
      bearing(token({ client_id: await disabledClient() })),
  },
  'another issuer': claiming('token-issuer', issuers, () => ({ iss: 'https://evil.example' })),
  'no issuer': claiming('token-issuer', issuers, () => ({ iss: undefined })),
  'our issuer with a slash more': claiming('token-issuer', issuers, ({ provider }) => ({
    iss: `${provider.issuer}/`,
  })),
  'our issuer in capitals': claiming('token-issuer', issuers, ({ provider }) => ({
    iss: provider.issuer.toUpperCase(),
  })),
  'another realm of our issuer': claiming('token-issuer', issuers, ({ provider }) => ({
    iss: `${provider.issuer}/realms/other`,
  })),
  'another audience': claiming('token-audience', audiences, () => ({ aud: 'billing-api' })),
  'no audience': claiming('token-audience', audiences, () => ({ aud: undefined })),
  'an empty list of audiences': claiming('token-audience', audiences, () => ({ aud: [] })),
  'an audience that begins with ours': claiming('token-audience', audiences, () => ({
    aud: 'plexus-api-staging',
  })),
  'the client for an audience': claiming('token-audience', audiences, () => ({
    aud: ['plexus-web', 'account'],
  })),
  'a token that two clients are named in': claiming(
    'token-client',
    'RFC 9068 section 2.2, OIDC Core section 2',
    () => ({ azp: 'plexus-web', client_id: 'partner' }),
  ),
  'one that ended a second ago': claiming('token-expiry', times, () => ({ exp: seconds() - 1 })),
  'one that ended years ago': claiming('token-expiry', times, () => ({ exp: 1 })),
  'one that never ends': claiming('token-expiry', 'RFC 9068 section 2.2', () => ({
    exp: undefined,
  })),
  'one that is not good yet': claiming('token-not-before', times, () => ({ nbf: seconds() + 60 })),
  'one from the far future': claiming('token-issued-at', times, () => ({
    iat: seconds() + 86_400,
  })),
  'one beyond what clocks may differ by': claiming('token-issued-at', times, () => ({
    iat: seconds() + 8,
  })),
  'a token of 9,000 characters': claiming('token-size', 'RFC 8725 section 3.12, CWE-400', () => ({
    padding: 'x'.repeat(9_000),
  })),
  'padding behind a signature': respelled((token) => `${token}==`),
  'other last bits in a signature': respelled(otherLastBits),
  'the alphabet of base64': {
    ...{ guard: 'token-encoding', source: 'RFC 4648 section 5' },
    request: (world) => bearing(inOtherAlphabet(world)),
  },
  'an encrypted token that nobody can read': {
    ...{ guard: null, source: 'RFC 7516, RFC 8725 section 2.7' },
    twin: { naive: true, front: decrypts },
    request: ({ claims }) =>
      bearing(`${encoded({ alg: 'dir', enc: 'A256GCM' })}..${encoded(claims())}.x.y`),
  },
  'the gateway’s own identity token, where one key pair serves both': {
    ...{ guard: 'token-type', source: 'RFC 8725 section 3.12' },
    request: async ({ provider: { issuer }, innerKey }) => {
      const minter = createMinter({ privateJwk: innerKey, issuer, now: () => new Date() })
      const viewer = {
        ...{ id: crypto.randomUUID(), roles: ['CLIENT' as const], scopes: new Set(['self']) },
        ...{ acr: '2', actor: null, sessionId: null },
      }
      return bearing(await minter.mint(viewer, 'plexus-api'))
    },
  },
}
