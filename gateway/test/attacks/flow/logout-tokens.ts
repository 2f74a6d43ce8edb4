import type { JWTPayload } from 'jose'
import type { Guard } from '../../../identity/guards.ts'
import { clientId } from '../../provider.ts'
import { seconds } from '../tokens/forge.ts'
import type { EvilProvider } from './evil-provider.ts'
import { byAnotherKey, byNobody, bySecret } from './forge.ts'

export type LogoutToken = {
  readonly source: string
  readonly guard: Guard
  /** How long after it was made it is used. */
  readonly laterMs?: number
  readonly token: (provider: EvilProvider, sub: string) => Promise<string>
}

const event = 'http://schemas.openid.net/event/backchannel-logout'

/** A logout token as it should be. */
export const rightClaims = ({ issuer }: EvilProvider, sub: string): JWTPayload => ({
  ...{ iss: issuer, aud: clientId, sub, jti: crypto.randomUUID() },
  ...{ iat: seconds(), exp: seconds() + 120, events: { [event]: {} } },
})

const type = 'logout+jwt'

const flawed = (
  guard: Guard,
  flaw: (claims: JWTPayload) => JWTPayload,
): Omit<LogoutToken, 'source'> => ({
  guard,
  token: (provider, sub) => provider.sign(flaw(rightClaims(provider, sub)), type),
})

const typed = (typ: string): Omit<LogoutToken, 'source'> => ({
  guard: 'logout-type',
  token: (provider, sub) => provider.sign(rightClaims(provider, sub), typ),
})

const signed = (sign: typeof bySecret): Omit<LogoutToken, 'source'> => ({
  guard: 'logout-signature',
  token: (provider, sub) => sign(rightClaims(provider, sub), type),
})

const ofBackChannel = 'OIDC Back-Channel Logout 1.0 section 2.6'

/** Tokens with one flaw each: whoever is believed signs somebody else out. */
export const logoutTokens: Readonly<Record<string, LogoutToken>> = {
  'another key has signed': { source: ofBackChannel, ...signed(byAnotherKey) },
  'nobody has signed': {
    source: 'RFC 8725 section 2.1',
    ...signed(byNobody),
  },
  'the secret of the client has signed': { source: 'RFC 8725 section 2.1', ...signed(bySecret) },
  'is typed as an ID token': { source: 'RFC 8725 section 3.11', ...typed('JWT') },
  'is typed as an access token': { source: 'RFC 8725 section 3.11', ...typed('at+jwt') },
  'another issuer gives': {
    source: ofBackChannel,
    ...flawed('logout-issuer', (claims) => ({ ...claims, iss: 'https://evil.example' })),
  },
  'is for another client': {
    source: ofBackChannel,
    ...flawed('logout-audience', (claims) => ({ ...claims, aud: 'another-client' })),
  },
  'was kept for an hour': {
    source: 'ASVS 10.5.5',
    laterMs: 3_600_000,
    ...flawed('logout-age', (claims) => ({ ...claims, exp: seconds() + 7_200 })),
  },
  'tells of no event': {
    source: ofBackChannel,
    ...flawed('logout-event', ({ events: _, ...claims }) => claims),
  },
  'tells of another event': {
    source: ofBackChannel,
    ...flawed('logout-event', (claims) => ({ ...claims, events: { 'https://evil.example': {} } })),
  },
  'has a nonce, as an ID token has': {
    source: 'OIDC Back-Channel Logout 1.0 section 2.4',
    ...flawed('logout-nonce', (claims) => ({ ...claims, nonce: 'n' })),
  },
}
