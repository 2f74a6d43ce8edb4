import { decodeJwt } from 'jose'
import type { authorizationCodeGrant } from 'openid-client'
import { z } from 'zod'
import { RoleClaims, rolesIn } from './roles.ts'
import type { ProviderTokens, SignIn } from './session-store.ts'

/** What the token endpoint answers. */
export type Answer = Awaited<ReturnType<typeof authorizationCodeGrant>>

const Claims = RoleClaims.extend({
  sub: z.string().min(1),
  sid: z.string().optional(),
  acr: z.string().optional(),
  auth_time: z.number().optional(),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
  email: z.string().optional(),
})

/**
 * An account's id is the person's id, with this provider as with any other that Plexus is set up
 * for.
 */
const PersonId = z.uuid()

/**
 * Everything the session needs. `previous` fills in what a refresh may leave out. Throws ZodError
 * for somebody who cannot be one of our people. Source: OIDC Core 12.2.
 */
export function signInFrom(answer: Answer, previous: ProviderTokens | null, now: Date): SignIn {
  const idToken = answer.id_token ?? previous?.idToken ?? ''
  const claims = Claims.parse(decodeJwt(idToken))
  const { sub, sid, acr, auth_time, name, preferred_username, email } = claims
  return {
    personId: PersonId.parse(sub),
    subject: sub,
    displayName: name ?? preferred_username ?? email ?? '',
    email: email ?? null,
    roles: rolesIn(accessClaimsOf(answer.access_token) ?? claims),
    acr: acr ?? '1',
    authenticatedAt: auth_time === undefined ? null : new Date(auth_time * 1_000),
    providerSid: sid ?? null,
    tokens: {
      accessToken: answer.access_token,
      refreshToken: answer.refresh_token ?? previous?.refreshToken ?? null,
      idToken,
      accessExpiresAt: now.getTime() + (answer.expires_in ?? fallbackSeconds) * 1_000,
    },
  }
}

const fallbackSeconds = 300

/**
 * The claims of an access token that names roles; null for an opaque one and for one that leaves
 * them out.
 */
function accessClaimsOf(accessToken: string): RoleClaims | null {
  if (accessToken.split('.').length !== 3) return null
  const claims = RoleClaims.safeParse(decodeJwt(accessToken))
  return claims.data?.roles || claims.data?.realm_access ? claims.data : null
}
