import { type CryptoKey, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose'
import { z } from 'zod'
import { guardedBy, type Unguarded } from './guards.ts'
import { BadToken } from './jws.ts'

export const tokenBytesMax = 8_192
export const clockToleranceSeconds = 5
/** However many unknown key ids arrive, the provider is asked once in this time. */
const cooldownMs = 30_000
/** A key that the provider withdrew is believed no longer than this. */
const maxAgeMs = 600_000
/** Without any keys nobody can be answered: the provider is asked again soon. */
const retryMs = 1_000
const timeoutMs = 3_000

/**
 * The key that a header names. An unknown one in a token that the provider itself handed over is
 * fetched at once: nobody else can make us ask by it. Throws JWKSNoMatchingKey for one that is not in the set, and
 * whatever went wrong when the set cannot be fetched.
 */
export type KeySet = (header: KeyName, origin?: 'anywhere' | 'vouched for') => Promise<CryptoKey>

type KeyName = { readonly alg: string; readonly kid?: string | undefined }

export type KeySetOptions = Unguarded & {
  readonly jwksUri: () => Promise<URL>
  readonly now: () => Date
}

type Held = { readonly find: ReturnType<typeof createLocalJWKSet>; readonly at: number }

/** The provider's key set, found on first use: the provider may start after the gateway. */
export function keysOf(options: KeySetOptions): KeySet {
  const { jwksUri, now } = options
  const pauseMs = guardedBy(options)('key-set-cooldown') ? cooldownMs : 0
  let held: Held | null = null
  let tried = { at: Number.NEGATIVE_INFINITY, error: null as unknown }
  let pending: Promise<Held> | null = null

  const load = async (): Promise<Held> => {
    tried = { at: now().getTime(), error: null }
    try {
      held = { find: createLocalJWKSet(await keySetAt(await jwksUri())), at: now().getTime() }
      return held
    } catch (error) {
      tried = { ...tried, error }
      throw error
    }
  }
  const loadOnce = () => {
    pending ??= load().finally(() => {
      pending = null
    })
    return pending
  }
  const since = (at: number) => now().getTime() - at
  const current = (): Held | Promise<Held> => {
    if (held && since(held.at) < maxAgeMs) return held
    if (pending || since(tried.at) >= retryMs || tried.error === null) return loadOnce()
    throw tried.error
  }
  return async ({ alg, kid }, origin = 'anywhere') => {
    const waitMs = origin === 'vouched for' ? 0 : pauseMs
    const header = kid === undefined ? { alg } : { alg, kid }
    const set = await current()
    try {
      return await set.find(header)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      // Another request brought a newer set meanwhile, or is about to.
      if (held !== set) return (await current()).find(header)
      if (!pending && since(tried.at) < waitMs) throw tried.error ?? error
      return (await loadOnce()).find(header)
    }
  }
}

const Published = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })

async function keySetAt(address: URL): Promise<JSONWebKeySet> {
  const response = await fetch(address, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (response.status !== 200) throw new Error(`The key set answered ${response.status}.`)
  const { data } = Published.safeParse(await response.json())
  if (!data) throw new Error('The key set is none.')
  return data
}

/** Everything that speaks of a token itself; the rest is a key set that could not be fetched. */
const tokenFaults = [
  BadToken,
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
