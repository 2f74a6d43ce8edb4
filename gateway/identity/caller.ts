import { createHash } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '#kit/errors'
import type { Viewer } from '#kit/identity-token'
import { scopesOf } from '#schema/scopes'
import type { Allowance } from '../exchange.ts'
import { RoleClaims, rolesIn } from './roles.ts'

/** Who presents a credential of a program's: a token, or an API key. */
export type BearerCaller = {
  readonly viewer: Viewer
  readonly clientId: string | null
  /** The end of the credential. */
  readonly provenUntil: Date
  readonly rateLimitPerMinute: number | null
  /** What its plan says; null without one. */
  readonly allowance: Allowance | null
  /** The key that every request has to be proven with; null for what is good on its own. */
  readonly boundTo: string | null
}

/** Whose word counts for scopes: `as granted` where no table says what roles may do. */
export type ScopeSource = 'of roles' | 'as granted'

/** Ten milliseconds apart, as many as a client can be registered with. */
const limitMax = 6_000

/** What a token says of who presents it; an introspection answers in the same words. */
export const CallerClaims = RoleClaims.extend({
  sub: z.string().min(1),
  scope: z.string().optional(),
  client_id: z.string().optional(),
  azp: z.string().optional(),
  acr: z.string().optional(),
  auth_time: z.number().optional(),
  // A text where Keycloak maps an attribute of the client.
  rate_limit_per_minute: z.coerce.number().int().min(1).max(limitMax).optional(),
  // A binding of another kind is one that nobody here can check. Source: RFC 9449 section 6.
  cnf: z.strictObject({ jkt: z.string().min(1) }).optional(),
})
export type CallerClaims = z.infer<typeof CallerClaims>

/** For how long a level above the first counts after it was proven; undefined where nobody limits it. */
export type LevelLimit = { readonly stepUpMs?: number | undefined }

type Source = LevelLimit & {
  readonly issuer: string
  readonly scopes?: ScopeSource | undefined
  readonly provenUntil: Date
}

const firstLevel = '1'

/**
 * A level above the first counts in a token that ends before the level does: a provider writes the
 * level of the sign-in into every token that it renews. Source: RFC 9470 section 6.
 */
function levelOf(
  { acr = firstLevel, auth_time: provenAt = 0 }: CallerClaims,
  { stepUpMs = Number.POSITIVE_INFINITY, provenUntil }: Source,
): string {
  const outlasts = provenUntil.getTime() > provenAt * 1_000 + stepUpMs
  return outlasts && Number(acr) > Number(firstLevel) ? firstLevel : acr
}

/** With this scope a client acts as the person, within the person's own roles. */
const wholeApi = 'api'

export function callerOf(claims: CallerClaims, source: Source) {
  const { issuer, scopes, provenUntil } = source
  const clientId = claims.client_id ?? claims.azp ?? null
  const roles = rolesIn(claims)
  const granted = new Set((claims.scope ?? '').split(' ').filter(Boolean))
  const held = scopes === 'as granted' ? granted : scopesWithin(granted, roles, claims)
  const id = personIdOf(claims.sub, issuer)
  return {
    clientId,
    provenUntil,
    rateLimitPerMinute: claims.rate_limit_per_minute ?? null,
    allowance: null,
    boundTo: claims.cnf?.jkt ?? null,
    viewer: {
      ...{ id, roles, scopes: held, acr: levelOf(claims, source) },
      ...{ actor: null, sessionId: null },
    },
  } satisfies BearerCaller
}

function scopesWithin(
  granted: ReadonlySet<string>,
  roles: ReturnType<typeof rolesIn>,
  { sub, client_id, azp }: CallerClaims,
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

export const notValid = (cause?: unknown) =>
  new AppError('UNAUTHENTICATED', 'The bearer token is not valid.', { cause })

export const expired = (cause?: unknown) =>
  new AppError('UNAUTHENTICATED', 'The bearer token has expired.', { cause })
