import { AppError } from '#kit/errors'
import { annotate } from '#kit/serve'
import { annotateSpan } from '#kit/trace'
import type { Credential, Exchange, Stage } from '../exchange.ts'
import type { Cookies } from './cookies.ts'
import { guardedBy, type Unguarded } from './guards.ts'
import { challenge, type Presented } from './presented.ts'
import { isSecret } from './secret.ts'
import type { Found } from './session-store.ts'
import { viewerOf } from './session-viewer.ts'

export type IdentityDeps = Unguarded & {
  readonly cookies: Cookies
  readonly presented: Presented
  readonly findSession: (secret: string) => Promise<Found>
  /** What a session was found to be may not be so any more. */
  readonly forgetSession?: (id: string) => void
}

type Caller = Pick<
  Exchange,
  'viewer' | 'credential' | 'clientId' | 'provenUntil' | 'rateLimitPerMinute' | 'allowance'
>

const nobody = { clientId: null, provenUntil: null, rateLimitPerMinute: null, allowance: null }
const anonymous: Caller = { viewer: null, credential: 'anonymous', ...nobody }

/**
 * Stage 2, who asks. A bad bearer token is refused and never becomes an anonymous caller, who might
 * be answered differently without anybody noticing. A session that is over does: signing out is no
 * fault of the page.
 */
export const identity =
  (deps: IdentityDeps): Stage =>
  async (exchange, next) => {
    Object.assign(exchange, await callerOf(deps, exchange))
    const { viewer, credential } = exchange
    const actorId = viewer?.actor ?? null
    annotate({ userId: viewer?.id ?? null, actorId })
    annotateSpan({
      'caller.credential': credential satisfies Credential,
      ...(actorId && { 'caller.actor': actorId }),
    })
    try {
      return await next()
    } finally {
      // What a person did to their own session counts for their next request: the word of it may
      // still be on its way.
      if (exchange.mayHaveChanged && viewer?.sessionId) deps.forgetSession?.(viewer.sessionId)
    }
  }

async function callerOf(deps: IdentityDeps, exchange: Exchange): Promise<Caller> {
  const authorization = exchange.request.headers.get('authorization')
  const secret = deps.cookies.read(exchange.request, 'session')
  if (authorization === null) return sessionCaller(deps, exchange, secret)
  if (secret === null || !guardedBy(deps)('door-one-credential')) {
    return { ...(await deps.presented(exchange, authorization)), credential: 'bearer' }
  }
  // Which of the two is meant is a guess that an attacker could make us take. Source: RFC 6750
  // section 2.
  challenge(exchange, 'Bearer', 'invalid_request')
  throw new AppError('BAD_REQUEST', 'Send either the session cookie or a bearer token, not both.')
}

async function sessionCaller(
  { findSession, cookies }: IdentityDeps,
  { responseHeaders }: Exchange,
  secret: string | null,
): Promise<Caller> {
  if (secret === null) return anonymous
  // One that is over keeps its cookie: another tab may just have put a new one in its place.
  if (!isSecret(secret)) {
    cookies.clear(responseHeaders, 'session')
    return anonymous
  }
  const found = await findSession(secret)
  if (found === 'lost') throw new AppError('UNAUTHENTICATED', 'Your session has to be renewed.')
  return found ? { viewer: viewerOf(found), credential: 'session', ...nobody } : anonymous
}
