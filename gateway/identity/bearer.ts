import { createHash } from 'node:crypto'
import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { z } from 'zod'
import { AppError } from '#kit/errors'
import type { Viewer } from '#kit/identity-token'
import { span } from '#kit/trace'
import { scopesOf } from '#schema/scopes'
import { algorithms, clockToleranceSeconds, isTokenFault, tokenBytesMax } from './keys.ts'
import { RoleClaims, rolesIn } from './roles.ts'

export type Bearer = {
  /**
   * Throws UNAUTHENTICATED for a token that is not good, UNAVAILABLE when its key cannot be
   * fetched.
   */
  verify(token: string): Promise<BearerCaller>
}

export type BearerCaller = {
  readonly viewer: Viewer
  readonly clientId: string | null
  /** The end of the token. */
  readonly provenUntil: Date
  readonly rateLimitPerMinute: number | null
}

export type BearerOptions = {
  readonly issuer: string
  readonly audience: string
  readonly keys: JWTVerifyGetKey
  readonly now: () => Date
  /** `as granted` takes the token's own word, where no table says what roles may do. */
  readonly scopes?: 'of roles' | 'as granted'
}

const cacheEntriesMax = 5_000

/** Ten milliseconds apart, as many as a client can be registered with. */
const limitMax = 6_000

const Claims = RoleClaims.extend({
  sub: z.string().min(1),
  exp: z.number(),
  typ: z.string().optional(),
  scope: z.string().optional(),
  client_id: z.string().optional(),
  azp: z.string().optional(),
  acr: z.string().optional(),
  // A text where Keycloak maps an attribute of the client.
  rate_limit_per_minute: z.coerce.number().int().min(1).max(limitMax).optional(),
})
type Claims = z.infer<typeof Claims>

/**
 * Access tokens as JSON Web Tokens. A good one is remembered until it ends; checking a signature
 * costs 60 µs.
 */
export function createBearer(options: BearerOptions): Bearer {
  const { now, keys } = options
  const verified = new Map<string, BearerCaller>()
  const verify = async (token: string, cacheKey: string): Promise<BearerCaller> => {
    const claims = await claimsFrom(token, keys, options)
    const caller = callerOf(claims, options)
    const [oldest] = verified.keys()
    if (oldest !== undefined && verified.size >= cacheEntriesMax) verified.delete(oldest)
    verified.set(cacheKey, caller)
    return caller
  }
  return {
    verify: async (token) => {
      if (token.length > tokenBytesMax) throw notValid()
      const cacheKey = createHash('sha256').update(token).digest('base64')
      const known = verified.get(cacheKey)
      if (!known) return span('bearer verify', {}, () => verify(token, cacheKey))
      if (known.provenUntil > now()) return known
      verified.delete(cacheKey)
      throw expired()
    },
  }
}

async function claimsFrom(
  token: string,
  keys: JWTVerifyGetKey,
  { issuer, audience, now }: BearerOptions,
): Promise<Claims> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      algorithms,
      issuer,
      audience,
      clockTolerance: clockToleranceSeconds,
      currentDate: now(),
      requiredClaims: ['sub', 'exp'],
    })
    const claims = Claims.parse(payload)
    if (!isAccessToken(protectedHeader.typ, claims)) throw notValid()
    return claims
  } catch (error) {
    throw refusalFrom(error)
  }
}

/**
 * RFC 9068 section 2.1, or Keycloak's own way to tell its tokens apart. An ID token is for a
 * client, never for an API.
 */
function isAccessToken(headerType: string | undefined, { typ }: Claims): boolean {
  const type = headerType?.toLowerCase()
  return type === 'at+jwt' || type === 'application/at+jwt' || (type === 'jwt' && typ === 'Bearer')
}

const notValid = (cause?: unknown) =>
  new AppError('UNAUTHENTICATED', 'The bearer token is not valid.', { cause })
const expired = (cause?: unknown) =>
  new AppError('UNAUTHENTICATED', 'The bearer token has expired.', { cause })

function refusalFrom(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof errors.JWTExpired) return expired(error)
  if (isTokenFault(error)) return notValid(error)
  return new AppError('UNAVAILABLE', 'Tokens cannot be checked for a moment. Try again.', {
    cause: error,
  })
}

/** With this scope a client acts as the person, within the person's own roles. */
const wholeApi = 'api'

function callerOf(claims: Claims, { issuer, scopes: source }: BearerOptions): BearerCaller {
  const clientId = claims.client_id ?? claims.azp ?? null
  const roles = rolesIn(claims)
  const granted = new Set((claims.scope ?? '').split(' ').filter(Boolean))
  const scopes = source === 'as granted' ? granted : scopesWithin(granted, roles, claims)
  const id = personIdOf(claims.sub, issuer)
  return {
    clientId,
    provenUntil: new Date(claims.exp * 1_000),
    rateLimitPerMinute: claims.rate_limit_per_minute ?? null,
    viewer: { id, roles, scopes, acr: claims.acr ?? '1', actor: null, sessionId: null },
  }
}

function scopesWithin(
  granted: ReadonlySet<string>,
  roles: ReturnType<typeof rolesIn>,
  { sub, client_id, azp }: Claims,
): ReadonlySet<string> {
  const allowed = scopesOf(roles)
  // A program on its own never gets more than it asked for, whatever its roles.
  const isWhole = granted.has(wholeApi) && sub !== (client_id ?? azp ?? null)
  return isWhole ? allowed : new Set([...allowed].filter((scope) => granted.has(scope)))
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * A program whose subject is no uuid gets one of its own, the same each time. Source: RFC 9562
 * section 5.8.
 */
function personIdOf(subject: string, issuer: string): string {
  if (uuid.test(subject)) return subject
  const bytes = createHash('sha256').update(`${issuer} ${subject}`).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
