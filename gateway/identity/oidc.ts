import { randomNonce, randomPKCECodeVerifier } from 'openid-client'
import { AppError } from '#kit/errors'
import type { Log } from '#kit/log'
import { annotate } from '#kit/serve'
import type { Exchange } from '../exchange.ts'
import type { Cookies } from './cookies.ts'
import {
  type LoginAttempt,
  type LoginAttempts,
  type LoginProof,
  loginAttemptSeconds,
} from './login-attempt.ts'
import { type Provider, type RefusalReason, SignInRefused } from './provider.ts'
import { returnToFrom } from './return-to.ts'
import { isSecret, newSecret } from './secret.ts'
import type { SessionStore, WebSession } from './session-store.ts'

export type OidcDeps = {
  readonly provider: Provider
  readonly attempts: LoginAttempts
  readonly sessions: Pick<SessionStore, 'open' | 'end' | 'takeEnded'>
  readonly findSession: (secret: string) => Promise<WebSession | null>
  readonly cookies: Cookies
  readonly publicOrigin: string
  readonly sessionSeconds: number
  readonly log: Log
  readonly seen: (outcome: FailureReason | 'signed-in') => void
}

/** Why a sign-in did not work, in the words that the web client has a message for. */
type FailureReason = RefusalReason | 'unavailable' | 'replayed'

const goodbyeSeconds = 60
const noStore = { 'cache-control': 'no-store' }

const redirect = (location: string) =>
  new Response(null, { status: 303, headers: { location, ...noStore } })

/**
 * The sign-in of a browser: it leaves with a secret of ours, and comes back with a session in a
 * cookie.
 */
export const createOidc = (deps: OidcDeps) => ({
  login: (exchange: Exchange) => login(deps, exchange),
  callback: (exchange: Exchange) => callback(deps, exchange),
  logout: (exchange: Exchange) => logout(deps, exchange),
  goodbye: (exchange: Exchange) => goodbye(deps, exchange),
  session: (exchange: Exchange) => currentSession(deps, exchange),
})

async function login(deps: OidcDeps, exchange: Exchange): Promise<Response> {
  const { searchParams } = exchange.url
  const returnTo = returnToFrom(searchParams.get('returnTo'), deps.publicOrigin)
  try {
    return redirect(String(await beginSignIn(deps, exchange, returnTo)))
  } catch (error) {
    if (!isOutage(error)) throw error
    deps.log.warn('A sign-in could not begin', error)
    const isPage = exchange.request.headers.get('accept')?.includes('text/html') ?? false
    if (!isPage) throw error
    return redirect(failurePath('unavailable', returnTo))
  }
}

async function beginSignIn(
  { provider, attempts, cookies }: OidcDeps,
  { request, url, responseHeaders }: Exchange,
  returnTo: string,
): Promise<URL> {
  // Kept while another tab is signing in: each attempt has its own state, all of them this browser.
  const known = cookies.read(request, 'login')
  const browser = isSecret(known) ? known : newSecret()
  const state = newSecret()
  const checks = { state, nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier() }
  const locale = localeFrom(url.searchParams.get('locale'))
  const [authorizationUrl] = await Promise.all([
    provider.authorizationUrl({ ...checks, locale }),
    attempts.remember({ state, browser }, { ...checks, returnTo }),
  ])
  cookies.set(responseHeaders, 'login', { value: browser, maxAgeSeconds: loginAttemptSeconds })
  return authorizationUrl
}

const localeFrom = (wanted: string | null) => (wanted === 'fr' || wanted === 'en' ? wanted : null)

async function callback(deps: OidcDeps, exchange: Exchange): Promise<Response> {
  const state = onlyOne(exchange.url.searchParams, 'state')
  const browser = deps.cookies.read(exchange.request, 'login')
  if (!isSecret(state) || !isSecret(browser)) return failed(deps, 'expired')
  const attempt = await takeAttempt(deps, { state, browser })
  if (typeof attempt === 'string') return failed(deps, attempt)
  try {
    await signIn(deps, exchange, { ...attempt, state })
    deps.seen('signed-in')
    return redirect(attempt.returnTo)
  } catch (error) {
    const reason = error instanceof SignInRefused ? error.reason : 'unavailable'
    if (reason === 'unavailable' && !isOutage(error)) throw error
    deps.log.warn('A sign-in did not end in a session', error)
    return failed(deps, reason, attempt.returnTo)
  }
}

function failed({ seen }: OidcDeps, reason: FailureReason, returnTo = '/'): Response {
  seen(reason)
  return redirect(failurePath(reason, returnTo))
}

async function takeAttempt({ attempts, log }: OidcDeps, proof: LoginProof) {
  try {
    return await attempts.take(proof)
  } catch (error) {
    if (!isOutage(error)) throw error
    log.warn('A sign-in could not go on', error)
    return 'unavailable'
  }
}

/** A parameter that comes twice means two things to two readers. */
const onlyOne = (parameters: URLSearchParams, name: string): string | null => {
  const [value, another] = parameters.getAll(name)
  return value !== undefined && another === undefined ? value : null
}

async function signIn(
  deps: OidcDeps,
  exchange: Exchange,
  attempt: LoginAttempt & { readonly state: string },
): Promise<void> {
  // Never the address of the request: its host is whatever the sender says.
  const address = new URL(`/auth/callback${exchange.url.search}`, deps.publicOrigin)
  const person = await deps.provider.signIn(address, attempt)
  await endPrevious(deps, exchange)
  const { secret, session } = await deps.sessions.open(person, {
    device: exchange.request.headers.get('user-agent') ?? '',
    address: exchange.clientAddress,
  })
  annotate({ userId: session.personId })
  const cookie = { value: secret, maxAgeSeconds: deps.sessionSeconds }
  deps.cookies.set(exchange.responseHeaders, 'session', cookie)
}

/** The browser forgets the session it had: nobody could end it any more. */
async function endPrevious({ cookies, sessions }: OidcDeps, { request }: Exchange): Promise<void> {
  const previous = cookies.read(request, 'session')
  if (isSecret(previous)) await sessions.end(previous)
}

/**
 * Ends the session here at once; the page then goes to `redirectUrl` to end it at the provider as
 * well. That address is our own: the one at the provider carries the ID token, which no script may
 * see.
 */
async function logout(deps: OidcDeps, { request, responseHeaders }: Exchange): Promise<Response> {
  const { cookies, sessions, provider, log } = deps
  const secret = cookies.read(request, 'session')
  const tokens = isSecret(secret) ? await sessions.end(secret) : null
  cookies.clear(responseHeaders, 'session')
  if (!isSecret(secret) || !tokens) return Response.json({ redirectUrl: '/' }, { headers: noStore })
  cookies.set(responseHeaders, 'goodbye', { value: secret, maxAgeSeconds: goodbyeSeconds })
  // Nobody waits for it: the session is over whatever the provider says.
  provider.revoke(tokens).catch((error: unknown) => log.warn('A token was not revoked', error))
  return Response.json({ redirectUrl: '/auth/goodbye' }, { headers: noStore })
}

async function goodbye(deps: OidcDeps, { request, responseHeaders }: Exchange): Promise<Response> {
  const { cookies, sessions, provider, log } = deps
  const secret = cookies.read(request, 'goodbye')
  cookies.clear(responseHeaders, 'goodbye')
  try {
    const idToken = isSecret(secret) ? await sessions.takeEnded(secret) : null
    const url = idToken ? await provider.endSessionUrl(idToken) : null
    return redirect(url ? url.href : '/')
  } catch (error) {
    if (!isOutage(error)) throw error
    log.warn('The provider was not told of a sign-out', error)
    return redirect('/')
  }
}

async function currentSession(
  { cookies, findSession }: OidcDeps,
  { request, responseHeaders }: Exchange,
): Promise<Response> {
  const secret = cookies.read(request, 'session')
  const session = isSecret(secret) ? await findSession(secret) : null
  if (session) annotate({ userId: session.personId })
  if (secret !== null && !session) cookies.clear(responseHeaders, 'session')
  return Response.json(session ? shownOf(session) : { authenticated: false }, { headers: noStore })
}

const shownOf = ({ displayName, roles, expiresAt }: WebSession) => ({
  authenticated: true,
  displayName,
  roles,
  expiresAt: expiresAt.toISOString(),
})

const isOutage = (error: unknown) =>
  error instanceof AppError && (error.code === 'UNAVAILABLE' || error.code === 'TIMEOUT')

function failurePath(reason: FailureReason, returnTo: string): string {
  const query = new URLSearchParams({ signin: 'failed', reason })
  if (returnTo !== '/') query.set('returnTo', returnTo)
  return `/?${query}`
}
