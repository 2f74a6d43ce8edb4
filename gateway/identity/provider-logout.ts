import { decodeJwt, jwtVerify } from 'jose'
import { z } from 'zod'
import { AppError } from '#kit/errors'
import type { Log } from '#kit/log'
import type { Exchange } from '../exchange.ts'
import { type Guard, guardedBy, type Unguarded } from './guards.ts'
import { BadToken } from './jws.ts'
import { clockToleranceSeconds, isTokenFault, type KeySet, tokenBytesMax } from './keys.ts'
import type { ProviderLogout, SessionStore } from './session-store.ts'
import { algorithms } from './signature.ts'

export type ProviderLogoutDeps = Unguarded & {
  readonly issuer: string
  readonly clientId: string
  readonly keys: KeySet
  readonly sessions: Pick<SessionStore, 'endAll'>
  readonly log: Log
  readonly now: () => Date
}

const event = 'http://schemas.openid.net/event/backchannel-logout'

const Claims = z
  .object({
    iat: z.number(),
    exp: z.number(),
    jti: z.string().min(1),
    sub: z.string().min(1).optional(),
    sid: z.string().min(1).optional(),
    events: z.record(z.string(), z.unknown()).optional(),
    nonce: z.unknown().optional(),
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined)
type Claims = z.infer<typeof Claims>

/**
 * What makes it another token: without the event it may be any, with a nonce it is an ID token.
 * Source: OIDC Back-Channel Logout 1.0 section 2.4.
 */
const faults: readonly (readonly [Guard, (claims: Claims) => boolean])[] = [
  ['logout-event', ({ events }) => typeof events?.[event] !== 'object'],
  ['logout-nonce', ({ nonce }) => nonce !== undefined],
]

/** A provider makes such a token when the sign-in ends: an old one was kept by somebody. */
const ageMaxSeconds = 300

/**
 * The provider tells that a sign-in ended there. A token counts once, and ends only sessions that
 * had begun when it was made.
 */
export const createProviderLogout =
  (deps: ProviderLogoutDeps) =>
  async ({ request }: Exchange): Promise<Response> => {
    const token = new URLSearchParams(await request.text()).get('logout_token') ?? ''
    const count = await deps.sessions.endAll(await logoutFrom(token, deps))
    if (count === null) throw notValid()
    deps.log.info(`The provider ended ${count} sessions`)
    return new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } })
  }

async function logoutFrom(token: string, deps: ProviderLogoutDeps): Promise<ProviderLogout> {
  if (token.length > tokenBytesMax) throw notValid()
  try {
    const claims = Claims.parse(await verified(token, deps))
    const fault = faults.find(([guard, isFault]) => guardedBy(deps)(guard) && isFault(claims))
    if (fault) throw new BadToken(`It is no logout token: ${fault[0]}.`)
    const { sub = null, sid = null, iat, jti } = claims
    const until = new Date((iat + clockToleranceSeconds) * 1_000)
    // Past that the token is too old anyhow.
    const expiresAt = new Date((iat + ageMaxSeconds + clockToleranceSeconds) * 1_000)
    return { subject: sub, providerSid: sid, until, jti, expiresAt }
  } catch (error) {
    if (isTokenFault(error) || error instanceof z.ZodError) throw notValid(error)
    throw new AppError('UNAVAILABLE', 'The token cannot be checked for a moment.', { cause: error })
  }
}

async function verified(token: string, deps: ProviderLogoutDeps): Promise<unknown> {
  const guarded = guardedBy(deps)
  const { keys, issuer, clientId, now } = deps
  if (!guarded('logout-signature')) return decodeJwt(token)
  const { payload } = await jwtVerify(token, ({ alg, kid }) => keys({ alg, kid }), {
    algorithms: [...algorithms],
    clockTolerance: clockToleranceSeconds,
    currentDate: now(),
    ...(guarded('logout-type') && { typ: 'logout+jwt' }),
    ...(guarded('logout-issuer') && { issuer }),
    ...(guarded('logout-audience') && { audience: clientId }),
    ...(guarded('logout-age') && { maxTokenAge: ageMaxSeconds }),
  })
  return payload
}

const notValid = (cause?: unknown) =>
  new AppError('BAD_REQUEST', 'The logout token is not valid.', { cause })
