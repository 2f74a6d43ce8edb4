import type { JWTPayload } from 'jose'
import type { SignIn } from '../../../identity/session-store.ts'

/** What a token endpoint gives. Source: RFC 6749 section 5.1, OIDC Core 3.1.3.3. */
export type TokenAnswer = { id_token: string; access_token: string; refresh_token?: string }

const hourMs = 3_600_000

/** What a client makes of claims that it believes. */
export const newSession = (
  { sub = '', acr, auth_time }: JWTPayload,
  { id_token, access_token, refresh_token }: TokenAnswer,
): SignIn => ({
  ...{ personId: sub, subject: sub, displayName: sub, email: null, roles: ['CLIENT'] },
  acr: typeof acr === 'string' ? acr : '1',
  authenticatedAt: typeof auth_time === 'number' ? new Date(auth_time * 1_000) : null,
  providerSid: null,
  tokens: {
    accessToken: access_token,
    refreshToken: refresh_token ?? null,
    idToken: id_token,
    accessExpiresAt: Date.now() + hourMs,
  },
})
