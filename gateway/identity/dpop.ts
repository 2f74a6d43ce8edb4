import { createHash } from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { z } from 'zod'
import { AppError } from '#kit/errors'
import { type Guard, guardedBy, type Unguarded } from './guards.ts'
import { BadToken, type Jws, jwsFrom } from './jws.ts'
import { clockToleranceSeconds, isTokenFault, tokenBytesMax } from './keys.ts'
import type { ProofStore } from './proof-store.ts'
import { algorithms, isSignedBy, publicKeyFrom } from './signature.ts'

/** A request that carries a token which is bound to a key. */
export type Proven = {
  /** The header `DPoP`; null when there is none. */
  readonly proof: string | null
  readonly method: string
  /** As the client wrote it: our own origin, and the path. */
  readonly address: string
  readonly token: string
  /** The thumbprint of the key that the token is bound to. */
  readonly boundTo: string
}

export type ProofCheck = {
  /** Throws ProofRefused; UNAVAILABLE while nobody can say whether it was used before. */
  check(request: Proven): Promise<void>
  /** What a client has to put into its proofs; null where it may leave that out. */
  nonce(): string | null
}

/** `use_dpop_nonce` asks the client to try again with the nonce that comes with the answer. */
export type ProofFault = 'invalid_dpop_proof' | 'use_dpop_nonce'

export class ProofRefused extends AppError {
  readonly fault: ProofFault

  constructor(fault: ProofFault, options?: ErrorOptions) {
    super('UNAUTHENTICATED', 'The proof of possession is not valid.', options)
    this.fault = fault
  }
}

export type ProofOptions = Unguarded & {
  readonly spent: ProofStore
  readonly now: () => Date
  readonly nonces?: Nonces | null
}

export type Nonces = { current(): string; isCurrent(nonce: string): boolean }

/** How old a proof may be: the time of a request on a slow line. */
const ageSecondsMax = 60
/** Beyond what any instance's clock would still accept. */
const keptSeconds = 2 * ageSecondsMax

const Claims = z.object({
  jti: z.string().min(1).max(256),
  htm: z.string(),
  htu: z.string(),
  iat: z.number(),
  ath: z.string().optional(),
  nonce: z.string().optional(),
})

const Key = z.looseObject({ kty: z.string() })

type Read = Proven & {
  readonly jws: Jws
  readonly claims: z.infer<typeof Claims>
  readonly key: JWK
  readonly thumbprint: string
  /** Seconds since 1970. */
  readonly at: number
}

type Check = (read: Read) => boolean

/** Without query and fragment, and with one spelling. Source: RFC 9449 section 4.3. */
const addressOf = (text: string) => {
  const url = URL.parse(text)
  return url && url.origin + url.pathname
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url')

/** All must hold. Source: RFC 9449 section 4.3. */
const checks: readonly (readonly [Guard, Check])[] = [
  ['proof-type', ({ jws }) => jws.header.typ === 'dpop+jwt'],
  ['proof-binding', ({ thumbprint, boundTo }) => thumbprint === boundTo],
  ['proof-method', ({ claims, method }) => claims.htm === method],
  ['proof-address', ({ claims, address }) => addressOf(claims.htu) === addressOf(address)],
  ['proof-age', ({ claims, at }) => isRecent(at - claims.iat)],
  ['proof-token', ({ claims, token }) => claims.ath === hashOf(token)],
  ['proof-signature', ({ jws, key }) => isSignedBy(jws, publicKeyFrom(key))],
]

const isRecent = (age: number) => age <= ageSecondsMax && age >= -clockToleranceSeconds

export function createProofCheck(options: ProofOptions): ProofCheck {
  const { spent, now, nonces = null } = options
  const inForce = guardedBy(options)
  return {
    nonce: () => nonces?.current() ?? null,
    check: async (request) => {
      try {
        const read = await readFrom(request, options)
        const failed = checks.find(([guard, holds]) => inForce(guard) && !holds(read))
        if (failed) throw new BadToken(`The proof does not pass ${failed[0]}.`)
        const { claims, thumbprint } = read
        if (nonces && inForce('proof-nonce') && !nonces.isCurrent(claims.nonce ?? ''))
          throw new ProofRefused('use_dpop_nonce')
        if (!inForce('proof-replay')) return
        const until = new Date(now().getTime() + keptSeconds * 1_000)
        if (!(await spent.spend({ thumbprint, id: claims.jti, until })))
          throw new BadToken('The proof was used before.')
      } catch (cause) {
        throw isTokenFault(cause) ? new ProofRefused('invalid_dpop_proof', { cause }) : cause
      }
    },
  }
}

async function readFrom(request: Proven, options: ProofOptions): Promise<Read> {
  const { proof } = request
  if (proof === null || proof.length > tokenBytesMax) throw new BadToken('There is no proof.')
  const inForce = guardedBy(options)
  const jws = jwsFrom(proof, inForce)
  const key = keyFrom(jws, inForce('proof-key'))
  const thumbprint = await calculateJwkThumbprint(key)
  const at = options.now().getTime() / 1_000
  return { ...request, jws, claims: Claims.parse(jws.claims), key, thumbprint, at }
}

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']

/** A proof with a private key in it proves nothing: whoever read it could make the next one. */
function keyFrom({ header }: Jws, mustBePublic: boolean): JWK {
  const { data } = Key.safeParse(header.jwk)
  if (!data) throw new BadToken('The proof brings no key.')
  const { public: open, hidden } = partsOf(data)
  if (mustBePublic && hidden) throw new BadToken('The proof brings a private key.')
  return open
}

function partsOf(key: z.infer<typeof Key>) {
  const entries = Object.entries(key)
  const open = entries.filter(([name]) => !privateMembers.includes(name))
  return {
    public: { ...Object.fromEntries(open), kty: key.kty },
    hidden: open.length < entries.length,
  }
}

/** What a client may sign its proofs with, for a challenge. */
export const proofAlgorithms = algorithms.join(' ')
