import { AppError } from '#kit/errors'
import type { Log } from '#kit/log'
import { annotate } from '#kit/serve'
import type { Exchange } from '../exchange.ts'
import type { Cookies } from './cookies.ts'
import type { Provider } from './provider.ts'
import { isSecret } from './secret.ts'
import type { Found, SessionStore, WebSession } from './session-store.ts'

export type SessionPagesDeps = {
  readonly provider: Pick<Provider, 'revoke' | 'endSessionUrl'>
  readonly sessions: Pick<SessionStore, 'end' | 'takeEnded'>
  readonly findSession: (secret: string) => Promise<Found>
  readonly cookies: Cookies
  /** Whether credentials are managed on our own pages or on those of the provider. */
  readonly providerKind: 'embedded' | 'external'
  readonly log: Log
}

const goodbyeSeconds = 60
const noStore = { 'cache-control': 'no-store' }

/** What a browser asks of the session that it has: what it is, and that it end. */
export const createSessionPages = (deps: SessionPagesDeps) => ({
  logout: (exchange: Exchange) => logout(deps, exchange),
  goodbye: (exchange: Exchange) => goodbye(deps, exchange),
  session: (exchange: Exchange) => currentSession(deps, exchange),
})

/**
 * Ends the session here at once; the page then goes to `redirectUrl` to end it at the provider as
 * well. That address is our own: the one at the provider carries the ID token, which no script may
 * see.
 */
async function logout(
  { cookies, sessions, provider, log }: SessionPagesDeps,
  { request, responseHeaders }: Exchange,
): Promise<Response> {
  const secret = cookies.read(request, 'session')
  const tokens = isSecret(secret) ? await sessions.end(secret, 'signed-out') : null
  cookies.clear(responseHeaders, 'session')
  if (!isSecret(secret) || !tokens) return Response.json({ redirectUrl: '/' }, { headers: noStore })
  cookies.set(responseHeaders, 'goodbye', { value: secret, maxAgeSeconds: goodbyeSeconds })
  // Nobody waits for it: the session is over whatever the provider says.
  provider.revoke(tokens).catch((error: unknown) => log.warn('A token was not revoked', error))
  return Response.json({ redirectUrl: '/auth/goodbye' }, { headers: noStore })
}

async function goodbye(
  { cookies, sessions, provider, log }: SessionPagesDeps,
  { request, responseHeaders }: Exchange,
): Promise<Response> {
  const secret = cookies.read(request, 'goodbye')
  cookies.clear(responseHeaders, 'goodbye')
  const headers = { location: '/', ...noStore }
  try {
    const idToken = isSecret(secret) ? await sessions.takeEnded(secret) : null
    const url = idToken ? await provider.endSessionUrl(idToken) : null
    if (url) headers.location = url.href
  } catch (error) {
    const isOutage = error instanceof AppError && ['UNAVAILABLE', 'TIMEOUT'].includes(error.code)
    if (!isOutage) throw error
    log.warn('The provider was not told of a sign-out', error)
  }
  return new Response(null, { status: 303, headers })
}

/** A cookie that opens nothing stays: another tab may just have put a new one in its place. */
async function currentSession(
  { cookies, findSession, providerKind }: SessionPagesDeps,
  { request }: Exchange,
): Promise<Response> {
  const secret = cookies.read(request, 'session')
  const found = isSecret(secret) ? await findSession(secret) : null
  const session = found === 'lost' ? null : found
  if (session) annotate({ userId: session.personId })
  const shown = {
    ...(session ? shownOf(session) : { authenticated: false }),
    silent: found === 'lost',
    provider: { kind: providerKind },
  }
  return Response.json(shown, { headers: noStore })
}

const shownOf = ({ displayName, roles, acting, ...session }: WebSession) => ({
  authenticated: true,
  displayName: acting?.displayName ?? displayName,
  roles: acting?.roles ?? roles,
  expiresAt: session.expiresAt.toISOString(),
  acr: session.acr,
  acrUntil: session.acrUntil?.toISOString() ?? null,
  actor: acting ? displayName : null,
  readOnly: acting?.readOnly ?? false,
  actingUntil: acting?.until.toISOString() ?? null,
})
