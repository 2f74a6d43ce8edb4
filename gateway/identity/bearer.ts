import { z } from 'zod'
import { AppError } from '#kit/errors'
import { span } from '#kit/trace'
import { createLru } from '../lru.ts'
import {
  type BearerCaller,
  CallerClaims,
  callerOf,
  expired,
  type LevelLimit,
  notValid,
  type ScopeSource,
} from './caller.ts'
import { type Guard, guardedBy, type Unguarded } from './guards.ts'
import { BadToken, type Jws, type JwsHeader, jwsFrom, refuseKeySources } from './jws.ts'
import { clockToleranceSeconds, isTokenFault, type KeySet, tokenBytesMax } from './keys.ts'
import { isAlgorithm, isSignedBy, keyObjectOf } from './signature.ts'

export type Bearer = {
  /**
   * Throws UNAUTHENTICATED for a token that is not good, UNAVAILABLE when its key cannot be
   * fetched.
   */
  verify(token: string): Promise<BearerCaller>
}

export type BearerOptions = Unguarded &
  LevelLimit & {
    readonly issuer: string
    readonly audience: string
    readonly keys: KeySet
    readonly now: () => Date
    readonly scopes?: ScopeSource
    /** A library of the kind that an attack was found in; only tests have one. */
    readonly isSigned?: Verify | undefined
  }

/** True when a key of the provider made the signature. */
export type Verify = (jws: Jws, keys: KeySet) => Promise<boolean>

const cacheBounds = { entriesMax: 5_000, bytesMax: 16_777_216 }

/**
 * Access tokens as JSON Web Tokens. A good one is remembered until it ends; checking a signature
 * costs 60 µs.
 */
export function createBearer(options: BearerOptions): Bearer {
  const { now } = options
  const inForce = guardedBy(options)
  // By its text: whoever finds one here had it whole. Hashing it first would cost as much again.
  const verified = createLru<string, BearerCaller>(cacheBounds)
  const verify = async (token: string): Promise<BearerCaller> => {
    const caller = await callerFrom(token, options)
    verified.set(token, caller, token.length)
    return caller
  }
  return {
    verify: async (token) => {
      if (inForce('token-size') && token.length > tokenBytesMax) throw notValid()
      const known = verified.get(token)
      if (!known) return span('bearer verify', {}, () => verify(token))
      if (known.provenUntil > now()) return known
      throw expired()
    },
  }
}

async function callerFrom(token: string, options: BearerOptions): Promise<BearerCaller> {
  try {
    const jws = jwsFrom(token, guardedBy(options))
    checkHeader(jws.header, options)
    const { isSigned = isSignedByProvider } = options
    if (!(await isSigned(jws, options.keys))) throw new BadToken('Its signature is not good.')
    const claims = Claims.parse(jws.claims)
    checkClaims({ ...options, claims, header: jws.header, at: options.now().getTime() / 1_000 })
    return callerOf(claims, { ...options, provenUntil: endOf(claims) })
  } catch (error) {
    throw refusalFrom(error)
  }
}

const isSignedByProvider: Verify = async (jws, keys) =>
  isSignedBy(jws, keyObjectOf(await keys(jws.header)))

/** RFC 9068 section 2.1, and what Keycloak writes over each of its tokens. */
const types = ['at+jwt', 'application/at+jwt', 'jwt']

const typeOf = ({ typ = '' }: JwsHeader) => typ.toLowerCase()

/** What can be refused without a signature, so that nobody can make us check many. */
function checkHeader(header: JwsHeader, options: BearerOptions): void {
  const inForce = guardedBy(options)
  if (inForce('token-algorithm') && !isAlgorithm(header.alg))
    throw new BadToken('It is not signed by an algorithm of ours.')
  if (inForce('token-key-source')) refuseKeySources(header)
  if (inForce('token-type') && !types.includes(typeOf(header)))
    throw new BadToken('It is of another type.')
}

const Claims = CallerClaims.extend({
  iss: z.string().optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  exp: z.number().optional(),
  nbf: z.number().optional(),
  iat: z.number().optional(),
  typ: z.string().optional(),
  events: z.unknown().optional(),
})
type Claims = z.infer<typeof Claims>

type Presented = BearerOptions & {
  readonly claims: Claims
  readonly header: JwsHeader
  /** Seconds since 1970. */
  readonly at: number
}

type Check = (presented: Presented) => boolean

/**
 * An ID token is for a client, never for an API; a logout token tells of an event. Keycloak writes
 * the same header over all of them and says in `typ` which one it is.
 */
const isAccessToken: Check = ({ claims, header }) =>
  claims.events === undefined && (typeOf(header) !== 'jwt' || claims.typ === 'Bearer')

const isOneClients: Check = ({ claims: { client_id, azp } }) =>
  client_id === undefined || azp === undefined || client_id === azp

/** All must hold. A clock that is behind the provider's may be so by the tolerance. */
const checks: readonly (readonly [Guard, Check])[] = [
  ['token-use', isAccessToken],
  ['token-issuer', ({ claims, issuer }) => claims.iss === issuer],
  ['token-audience', ({ claims, audience }) => [claims.aud].flat().includes(audience)],
  ['token-client', isOneClients],
  ['token-not-before', ({ claims, at }) => (claims.nbf ?? 0) <= at + clockToleranceSeconds],
  ['token-issued-at', ({ claims, at }) => (claims.iat ?? 0) <= at + clockToleranceSeconds],
]

function checkClaims(presented: Presented): void {
  const inForce = guardedBy(presented)
  const failed = checks.find(([guard, holds]) => inForce(guard) && !holds(presented))
  if (failed) throw new BadToken(`It does not pass ${failed[0]}.`)
  if (!inForce('token-expiry')) return
  const { exp } = presented.claims
  if (exp === undefined) throw new BadToken('It has no end.')
  if (exp <= presented.at) throw expired()
}

/** As far as a Date reaches. */
const never = 8.64e12

const endOf = ({ exp = never }: Claims) => new Date(Math.min(exp, never) * 1_000)

function refusalFrom(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (isTokenFault(error)) return notValid(error)
  return new AppError('UNAVAILABLE', 'Tokens cannot be checked for a moment. Try again.', {
    cause: error,
  })
}
