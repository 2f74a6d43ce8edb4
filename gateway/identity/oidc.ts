import { randomNonce, randomPKCECodeVerifier } from 'openid-client'
import { AppError } from '#kit/errors'
import type { Log } from '#kit/log'
import { annotate } from '#kit/serve'
import type { Exchange } from '../exchange.ts'
import { type CredentialAction, isCredentialAction } from './authorization.ts'
import type { Cookies } from './cookies.ts'
import { guardedBy, type Unguarded } from './guards.ts'
import {
  type LoginAttempt,
  type LoginAttempts,
  type LoginProof,
  loginAttemptSeconds,
} from './login-attempt.ts'
import { type Provider, type RefusalReason, SignInRefused } from './provider.ts'
import { returnToFrom } from './return-to.ts'
import { isSecret, newSecret } from './secret.ts'
import type { PlaceOf } from './session-place.ts'
import type { Found, SessionStore, SignIn } from './session-store.ts'

export type OidcDeps = Unguarded & {
  readonly provider: Provider
  readonly attempts: LoginAttempts
  readonly sessions: Pick<SessionStore, 'open' | 'hasEnded' | 'end' | 'ownerOf'>
  readonly findSession: (secret: string) => Promise<Found>
  readonly cookies: Cookies
  readonly publicOrigin: string
  readonly sessionSeconds: number
  readonly stepUpSeconds: number
  readonly placeOf: PlaceOf
  readonly now: () => Date
  readonly log: Log
  readonly seen: (outcome: FailureReason | 'signed-in') => void
}

/** Why a sign-in did not work, in the words that the web client has a message for. */
type FailureReason = RefusalReason | 'unavailable' | 'replayed'

const noStore = { 'cache-control': 'no-store' }

const redirect = (location: string | URL) =>
  new Response(null, { status: 303, headers: { location: String(location), ...noStore } })

/**
 * The sign-in of a browser: it leaves with a secret of ours, and comes back with a session in a
 * cookie.
 */
export const createOidc = (deps: OidcDeps) => ({
  login: (exchange: Exchange) => login(deps, exchange),
  callback: (exchange: Exchange) => callback(deps, exchange),
})

/** What a page may ask for, and where the browser goes afterwards. */
type Wishes = Pick<LoginAttempt, 'returnTo' | 'silent' | 'acrValues' | 'maxAge' | 'locale'> & {
  readonly action?: CredentialAction | null
}

function wishesFrom({ searchParams }: URL, deps: OidcDeps): Wishes {
  const wanted = searchParams.get('returnTo')
  const action = searchParams.get('action')
  const locale = searchParams.get('locale')
  const silent = searchParams.get('silent') === '1'
  return {
    returnTo: guardedBy(deps)('flow-return-to')
      ? returnToFrom(wanted, deps.publicOrigin)
      : (wanted ?? '/'),
    silent,
    acrValues: !silent && searchParams.get('acr') === '2' ? '2' : null,
    maxAge: null,
    locale: locale === 'fr' || locale === 'en' ? locale : null,
    action: isCredentialAction(action) ? action : null,
  }
}

async function login(deps: OidcDeps, exchange: Exchange): Promise<Response> {
  const wishes = wishesFrom(exchange.url, deps)
  try {
    return redirect(await beginSignIn(deps, exchange, wishes))
  } catch (error) {
    if (!isOutage(error)) throw error
    deps.log.warn('A sign-in could not begin', error)
    const isPage = exchange.request.headers.get('accept')?.includes('text/html') ?? false
    if (!isPage) throw error
    return redirect(failurePath('unavailable', wishes.returnTo))
  }
}

async function beginSignIn(
  { provider, attempts, cookies }: OidcDeps,
  { request, responseHeaders }: Exchange,
  { action = null, ...wishes }: Wishes,
): Promise<URL> {
  // Kept while another tab is signing in: each attempt has its own state, all of them this browser.
  const known = cookies.read(request, 'login')
  const browser = isSecret(known) ? known : newSecret()
  const state = newSecret()
  const checks = { state, nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier() }
  const { locale, acrValues, maxAge, silent } = wishes
  // Nobody can prove a second level without a page: a provider that wants it anew would say no.
  const level = silent ? { acrValues: '1' as const, prompt: 'none' as const } : { acrValues }
  // To Keycloak a second that has not gone by is none: `max_age` alone would not ask in it.
  const forced = maxAge === anew && { prompt: 'login' as const }
  const asked = { locale, maxAge, action, ...level, ...forced }
  const [authorizationUrl] = await Promise.all([
    provider.authorizationUrl({ ...checks, ...asked }),
    attempts.remember({ state, browser }, { ...wishes, ...checks }),
  ])
  cookies.set(responseHeaders, 'login', { value: browser, maxAgeSeconds: loginAttemptSeconds })
  return authorizationUrl
}

async function callback(deps: OidcDeps, exchange: Exchange): Promise<Response> {
  const state = onlyOne(exchange.url.searchParams, 'state')
  const browser = deps.cookies.read(exchange.request, 'login')
  const isBound = isSecret(browser) || !guardedBy(deps)('flow-browser')
  if (!isSecret(state) || !isBound) return failed(deps, 'expired')
  const attempt = await takeAttempt(deps, { state, browser: browser ?? '' })
  if (typeof attempt === 'string') return failed(deps, attempt)
  try {
    return await finishSignIn(deps, exchange, { ...attempt, state })
  } catch (error) {
    const reason = error instanceof SignInRefused ? error.reason : 'unavailable'
    if (reason === 'unavailable' && !isOutage(error)) throw error
    deps.log.warn('A sign-in did not end in a session', error)
    if (attempt.silent && reason === 'interaction-required')
      return withoutSession(deps, exchange, attempt.returnTo)
    return failed(deps, reason, attempt.returnTo)
  }
}

function failed({ seen }: OidcDeps, reason: FailureReason, returnTo = '/'): Response {
  seen(reason)
  return redirect(failurePath(reason, returnTo))
}

/** Nobody was to notice the attempt: what was lost is over now, and what was good goes on. */
async function withoutSession(
  { cookies, findSession, sessions, seen }: OidcDeps,
  { request, responseHeaders }: Exchange,
  returnTo: string,
): Promise<Response> {
  seen('interaction-required')
  const secret = cookies.read(request, 'session')
  if (isSecret(secret) && (await findSession(secret)) === 'lost') {
    await sessions.end(secret, 'signed-out')
    cookies.clear(responseHeaders, 'session')
  }
  return redirect(returnTo)
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

type Begun = LoginAttempt & { readonly state: string }

async function finishSignIn(deps: OidcDeps, exchange: Exchange, attempt: Begun): Promise<Response> {
  // Never the address of the request: its host is whatever the sender says.
  const address = new URL(`/auth/callback${exchange.url.search}`, deps.publicOrigin)
  const signIn = await deps.provider.signIn(address, attempt)
  if (attempt.maxAge !== anew && (await isEnded(deps, signIn)))
    return askAnew(deps, exchange, { signIn, attempt })
  // The level is good, but was proven too long ago to count: once more, and this time anew.
  if (isStale(deps, signIn, attempt))
    return redirect(await beginSignIn(deps, exchange, { ...attempt, maxAge: deps.stepUpSeconds }))
  await checkSilent(deps, exchange, { signIn, attempt })
  await openSession(deps, exchange, { signIn, attempt })
  deps.seen('signed-in')
  return redirect(attempt.returnTo)
}

function isStale(
  { now, stepUpSeconds }: OidcDeps,
  { authenticatedAt }: SignIn,
  { acrValues, maxAge }: LoginAttempt,
): boolean {
  if (acrValues === null || maxAge !== null) return false
  const provenAt = authenticatedAt?.getTime() ?? 0
  return provenAt + stepUpSeconds * 1_000 <= now().getTime()
}

type Finished = { readonly signIn: SignIn; readonly attempt: LoginAttempt }

/** As `max_age`: the person has to prove it now, whenever they last did. Source: OIDC Core 3.1.2.1. */
const anew = 0

/**
 * A provider, or its cache, may go on with a sign-in that was ended here. `auth_time` does not tell:
 * Keycloak says the present second where a level is asked for that the person has no factor for.
 */
const isEnded = async (deps: OidcDeps, { providerSid }: SignIn): Promise<boolean> =>
  guardedBy(deps)('flow-ended') && providerSid !== null && deps.sessions.hasEnded(providerSid)

/**
 * The tokens are given back first: it ends the sign-in there as well, before it would end under the
 * page that the person is typing into.
 */
async function askAnew(deps: OidcDeps, exchange: Exchange, { signIn, attempt }: Finished) {
  await deps.provider.revoke(signIn.tokens).catch((error: unknown) => {
    deps.log.warn('The tokens of a sign-in that was over could not be given back', error)
  })
  if (attempt.silent) throw new SignInRefused('interaction-required')
  return redirect(await beginSignIn(deps, exchange, { ...attempt, maxAge: anew }))
}

/**
 * Nobody becomes somebody else unseen, and nobody stays signed in unseen for longer than a session
 * may last.
 */
async function checkSilent(
  deps: OidcDeps,
  { request }: Exchange,
  { signIn, attempt }: Finished,
): Promise<void> {
  if (!attempt.silent || !guardedBy(deps)('flow-same-person')) return
  const { sessions, cookies, sessionSeconds, now } = deps
  const { authenticatedAt, personId } = signIn
  const endsAt = (authenticatedAt ?? now()).getTime() + sessionSeconds * 1_000
  const previous = cookies.read(request, 'session')
  const owner = isSecret(previous) ? await sessions.ownerOf(previous) : null
  if (endsAt <= now().getTime() || (owner !== null && owner !== personId))
    throw new SignInRefused('interaction-required')
}

async function openSession(
  deps: OidcDeps,
  { request, responseHeaders, clientAddress }: Exchange,
  { signIn, attempt: { silent, locale } }: Finished,
): Promise<void> {
  const { cookies, sessions, placeOf, sessionSeconds } = deps
  // The browser forgets the session it had: nobody could end it any more.
  const previous = cookies.read(request, 'session')
  if (isSecret(previous)) await sessions.end(previous, 'replaced')
  const { secret, session } = await sessions.open(signIn, {
    ...{ silent, locale, address: clientAddress, place: placeOf(clientAddress) },
    device: request.headers.get('user-agent') ?? '',
    ...(!guardedBy(deps)('flow-new-secret') && isSecret(previous) && { secret: previous }),
  })
  annotate({ userId: session.personId })
  cookies.set(responseHeaders, 'session', { value: secret, maxAgeSeconds: sessionSeconds })
}

const isOutage = (error: unknown) =>
  error instanceof AppError && (error.code === 'UNAVAILABLE' || error.code === 'TIMEOUT')

function failurePath(reason: FailureReason, returnTo: string): string {
  const query = new URLSearchParams({ signin: 'failed', reason })
  if (returnTo !== '/') query.set('returnTo', returnTo)
  return `/?${query}`
}
