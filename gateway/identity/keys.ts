import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'

/**
 * Signatures by a key pair only: with HS256 a public key would pass for the secret. Source: RFC
 * 8725 section 3.1.
 */
export const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA']
export const tokenBytesMax = 8_192
export const clockToleranceSeconds = 5
/** However many unknown key ids arrive, the provider is asked once in this time. */
const keysCooldownMs = 30_000
const keysMaxAgeMs = 600_000
const timeoutMs = 3_000

/** The provider's key set, found on first use: the provider may start after the gateway. */
export function keysOf(jwksUri: () => Promise<URL>): JWTVerifyGetKey {
  let remote: JWTVerifyGetKey | null = null
  return async (header, token) => {
    remote ??= createRemoteJWKSet(await jwksUri(), {
      cooldownDuration: keysCooldownMs,
      cacheMaxAge: keysMaxAgeMs,
      timeoutDuration: timeoutMs,
    })
    return remote(header, token)
  }
}

/** Everything that speaks of a token itself; the rest is a key set that could not be fetched. */
const tokenFaults = [
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKInvalid,
  errors.JWKSMultipleMatchingKeys,
  errors.JWKSNoMatchingKey,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
  z.ZodError,
]

/** True when the token is to blame for what was thrown while it was checked. */
export const isTokenFault = (error: unknown): boolean =>
  tokenFaults.some((fault) => error instanceof fault)
