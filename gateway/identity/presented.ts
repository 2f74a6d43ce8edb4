import { looksLikeApiKey } from '#kit/api-key'
import { AppError } from '#kit/errors'
import type { Exchange } from '../exchange.ts'
import type { Bearer } from './bearer.ts'
import { type BearerCaller, notValid } from './caller.ts'
import type { ClientDoor } from './client-door.ts'
import { type ProofCheck, type ProofFault, ProofRefused, proofAlgorithms } from './dpop.ts'
import { guardedBy, type Unguarded } from './guards.ts'

export type PresentedDeps = Unguarded & {
  readonly bearer: Bearer
  /** Null where nobody can make an API key. */
  readonly apiKeys: Bearer | null
  /** Null where the provider is not asked about tokens that say nothing themselves. */
  readonly introspection: Bearer | null
  readonly proofs: ProofCheck
  /** What is known here of programs; null where nobody administers them. */
  readonly clients: Pick<ClientDoor, 'standingOf'> | null
  readonly publicOrigin: string
}

type Asked = Pick<Exchange, 'request' | 'url' | 'responseHeaders'>

/** Who presents this header `Authorization`. Throws UNAUTHENTICATED with a challenge. */
export type Presented = (exchange: Asked, authorization: string) => Promise<BearerCaller>

type Fault = 'invalid_request' | 'invalid_token' | ProofFault
type Scheme = 'Bearer' | 'DPoP'

const form = /^(Bearer|DPoP) +([\w.~+/-]+=*) *$/i
const anyScheme = /^(\S+) +([\w.~+/-]+=*) *$/

/** A program that presents a token or a key, and proves that it owns it if it has to. */
export function createPresented(deps: PresentedDeps): Presented {
  const inForce = guardedBy(deps)
  return async (exchange, authorization) => {
    const pattern = inForce('door-scheme') ? form : anyScheme
    const [, name = '', token] = pattern.exec(authorization) ?? []
    if (!token) {
      challenge(exchange, 'Bearer', 'invalid_request')
      throw new AppError('UNAUTHENTICATED', 'Only bearer tokens are accepted here.')
    }
    const scheme: Scheme = name.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer'
    try {
      const caller = await verifierOf(token, deps).verify(token)
      await prove(exchange, { caller, scheme, token }, deps)
      return await asItStands(caller, deps)
    } catch (error) {
      challengeFor(error, exchange, scheme)
      throw error
    }
  }
}

/** A program as its administrators want it, whatever its token says. Throws for one that is over. */
async function asItStands(caller: BearerCaller, deps: PresentedDeps): Promise<BearerCaller> {
  const standing = await deps.clients?.standingOf(caller.clientId)
  if (!standing) return caller
  const { isEnded, rateLimitPerMinute, allowance } = standing
  if (isEnded && guardedBy(deps)('token-client-ended')) throw notValid()
  return { ...caller, rateLimitPerMinute, allowance }
}

const isJwt = (token: string) => token.split('.').length === 3

function verifierOf(token: string, { bearer, apiKeys, introspection }: PresentedDeps): Bearer {
  if (apiKeys && looksLikeApiKey(token)) return apiKeys
  return introspection && !isJwt(token) ? introspection : bearer
}

type Presentation = {
  readonly caller: BearerCaller
  readonly scheme: Scheme
  readonly token: string
}

/** A token that is bound to a key is good with that key alone. Source: RFC 9449 section 7.1. */
async function prove(exchange: Asked, presentation: Presentation, deps: PresentedDeps) {
  const { caller, scheme, token } = presentation
  const { request, url, responseHeaders } = exchange
  const inForce = guardedBy(deps)
  const { boundTo } = caller
  if (boundTo === null) {
    if (scheme === 'DPoP' && inForce('door-scheme')) throw notValid()
    return
  }
  if (scheme !== 'DPoP') {
    if (inForce('proof-required')) throw new ProofRefused('invalid_dpop_proof')
    return
  }
  const nonce = deps.proofs.nonce()
  if (nonce !== null) responseHeaders.set('dpop-nonce', nonce)
  await deps.proofs.check({
    ...{ token, boundTo, method: request.method, proof: request.headers.get('dpop') },
    address: deps.publicOrigin + url.pathname,
  })
}

function challengeFor(error: unknown, exchange: Asked, scheme: Scheme): void {
  if (error instanceof ProofRefused) challenge(exchange, 'DPoP', error.fault)
  else if (error instanceof AppError && error.code === 'UNAUTHENTICATED')
    challenge(exchange, scheme, 'invalid_token')
}

const extra: Record<Scheme, string> = { Bearer: '', DPoP: `, algs="${proofAlgorithms}"` }

/** Source: RFC 6750 section 3, RFC 9449 section 7.1. */
export const challenge = ({ responseHeaders }: Asked, scheme: Scheme, fault: Fault) =>
  responseHeaders.set(
    'www-authenticate',
    `${scheme} realm="plexus", error="${fault}"${extra[scheme]}`,
  )
