import { type JWTVerifyGetKey, jwtVerify } from 'jose'
import { z } from 'zod'
import { AppError } from '#kit/errors'
import type { Log } from '#kit/log'
import type { Exchange } from '../exchange.ts'
import { clockToleranceSeconds, isTokenFault, tokenBytesMax } from './keys.ts'
import type { ProviderLogout, SessionStore } from './session-store.ts'
import { algorithms } from './signature.ts'

export type ProviderLogoutDeps = {
  readonly issuer: string
  readonly clientId: string
  readonly keys: JWTVerifyGetKey
  readonly sessions: Pick<SessionStore, 'endAll'>
  readonly log: Log
  readonly now: () => Date
}

const event = 'http://schemas.openid.net/event/backchannel-logout'

/**
 * A nonce would make it an ID token that somebody passes off as this. Source: OIDC Back-Channel
 * Logout 1.0 section 2.4.
 */
const Claims = z
  .object({
    iat: z.number(),
    exp: z.number(),
    jti: z.string().min(1),
    sub: z.string().min(1).optional(),
    sid: z.string().min(1).optional(),
    events: z.object({ [event]: z.object({}) }),
    nonce: z.undefined().optional(),
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined)

/**
 * The provider tells that a sign-in ended there. A token that comes again ends nothing new: only
 * sessions that had begun when it was made.
 */
export const createProviderLogout =
  (deps: ProviderLogoutDeps) =>
  async ({ request }: Exchange): Promise<Response> => {
    const token = new URLSearchParams(await request.text()).get('logout_token') ?? ''
    const count = await deps.sessions.endAll(await logoutFrom(token, deps))
    deps.log.info(`The provider ended ${count} sessions`)
    return new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } })
  }

async function logoutFrom(
  token: string,
  { keys, issuer, clientId, now }: ProviderLogoutDeps,
): Promise<ProviderLogout> {
  if (token.length > tokenBytesMax) throw notValid()
  try {
    const { payload } = await jwtVerify(token, keys, {
      ...{ algorithms: [...algorithms], issuer, audience: clientId },
      typ: 'logout+jwt',
      clockTolerance: clockToleranceSeconds,
      currentDate: now(),
    })
    const { sub = null, sid = null, iat } = Claims.parse(payload)
    const until = new Date((iat + clockToleranceSeconds) * 1_000)
    return { subject: sub, providerSid: sid, until }
  } catch (error) {
    if (isTokenFault(error)) throw notValid(error)
    throw new AppError('UNAVAILABLE', 'The token cannot be checked for a moment.', { cause: error })
  }
}

const notValid = (cause?: unknown) =>
  new AppError('BAD_REQUEST', 'The logout token is not valid.', { cause })
