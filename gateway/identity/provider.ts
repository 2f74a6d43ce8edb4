import { compactVerify } from 'jose'
import * as client from 'openid-client'
import { span } from '#kit/trace'
import { type Authorization, parametersOf, reaches } from './authorization.ts'
import { isTokenFault, type KeySet } from './keys.ts'
import { type Answer, signInFrom } from './provider-answer.ts'
import { outageFrom, unavailable } from './provider-outage.ts'
import type { ProviderTokens, Renewal, SignIn } from './session-store.ts'
import { algorithms } from './signature.ts'

export type ProviderOptions = {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scope: string
  readonly redirectUri: string
  readonly postLogoutRedirectUri: string
  readonly now: () => Date
  /** What its ID tokens are signed by. */
  readonly keys: KeySet
}

/** What the answer has to match: the same values that `authorizationUrl` was given. */
type Checks = Pick<Authorization, 'state' | 'nonce' | 'codeVerifier' | 'acrValues' | 'maxAge'>

/** An OpenID provider. Every call throws UNAVAILABLE while it cannot be reached. */
export type Provider = {
  authorizationUrl(start: Authorization): Promise<URL>
  /** Throws SignInRefused when the provider said no, or what it sent does not stand up. */
  signIn(callback: URL, checks: Checks): Promise<SignIn>
  /**
   * `refused` when the sign-in is over for the provider: disabled, signed out elsewhere, token used
   * twice.
   */
  renew(tokens: ProviderTokens): Promise<Renewal>
  revoke(tokens: ProviderTokens): Promise<void>
  /** Null when the provider has no logout of its own. */
  endSessionUrl(idToken: string): Promise<URL | null>
  jwksUri(): Promise<URL>
  /** What an access token is, in the provider's words. Source: RFC 7662. */
  introspect(token: string): Promise<unknown>
}

/**
 * `denied` is the person's or the provider's own no, `interaction-required` a silent sign-in that
 * would need a page, `level-not-met` a sign-in that is good but weaker than asked for.
 */
export type RefusalReason = 'denied' | 'expired' | 'interaction-required' | 'level-not-met'

/** Why a callback did not become a session. */
export class SignInRefused extends Error {
  readonly reason: RefusalReason

  constructor(reason: RefusalReason, options?: ErrorOptions) {
    super(`The sign-in was refused: ${reason}`, options)
    this.name = 'SignInRefused'
    this.reason = reason
  }
}

/** Shorter than the wait for a session's row and than the deadline of a request. */
const timeoutSeconds = 4
const discoverAgainMs = 1_000

export function createProvider(options: ProviderOptions): Provider {
  const configuration = lazily(() => discover(options), options.now)
  const call = <T>(name: string, work: (config: client.Configuration) => Promise<T>) =>
    span(`openid ${name}`, {}, async () => {
      try {
        return await work(await configuration())
      } catch (error) {
        throw outageFrom(error) ?? error
      }
    })
  return {
    authorizationUrl: (start) =>
      call('authorize', (config) => authorizationUrl(config, options, start)),
    signIn: (callback, checks) =>
      call('code', async (config) => {
        const answer = await exchangeCode(config, callback, checks)
        return atLevel(await believed(options, answer, null), checks)
      }),
    renew: (tokens) => call('refresh', (config) => renew(config, options, tokens)),
    revoke: ({ refreshToken, accessToken }) =>
      call('revoke', async (config) => {
        if (!config.serverMetadata().revocation_endpoint) return
        await client.tokenRevocation(config, refreshToken ?? accessToken)
      }),
    endSessionUrl: (idToken) =>
      call('logout', async (config) => {
        if (!config.serverMetadata().end_session_endpoint) return null
        return client.buildEndSessionUrl(config, {
          id_token_hint: idToken,
          post_logout_redirect_uri: options.postLogoutRedirectUri,
        })
      }),
    introspect: (token) =>
      call('introspect', (config) =>
        client.tokenIntrospection(config, token, { token_type_hint: 'access_token' }),
      ),
    jwksUri: () => call('keys', async (config) => new URL(config.serverMetadata().jwks_uri ?? '')),
  }
}

const discover = ({ issuer, clientId, clientSecret }: ProviderOptions) =>
  client.discovery(new URL(issuer), clientId, {}, client.ClientSecretBasic(clientSecret), {
    timeout: timeoutSeconds,
    // The configuration lets http through for localhost only.
    execute: issuer.startsWith('http:') ? [client.allowInsecureRequests] : [],
  })

/**
 * Asks when first needed and again after a failure, at most once a second: the provider may start
 * later.
 */
function lazily<T>(load: () => Promise<T>, now: () => Date): () => Promise<T> {
  let known: Promise<T> | null = null
  let againAt = Number.POSITIVE_INFINITY
  return () => {
    if (known && now().getTime() < againAt) return known
    againAt = Number.POSITIVE_INFINITY
    known = load().catch((error: unknown) => {
      againAt = now().getTime() + discoverAgainMs
      throw error
    })
    return known
  }
}

async function authorizationUrl(
  config: client.Configuration,
  options: ProviderOptions,
  start: Authorization,
): Promise<URL> {
  const parameters = await parametersOf(start, options)
  // Pushed, the parameters never pass through the browser, where they could be read or changed.
  // Source: RFC 9126.
  return config.serverMetadata().pushed_authorization_request_endpoint
    ? client.buildAuthorizationUrlWithPAR(config, parameters)
    : client.buildAuthorizationUrl(config, parameters)
}

async function exchangeCode(
  config: client.Configuration,
  callback: URL,
  { state, nonce, codeVerifier, maxAge }: Checks,
): Promise<Answer> {
  try {
    return await client.authorizationCodeGrant(config, callback, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
      ...(typeof maxAge === 'number' && { maxAge }),
    })
  } catch (error) {
    throw outageFrom(error) ?? refusalFrom(error)
  }
}

/**
 * The signature counts also where the connection vouches for the token; openid-client has checked
 * the claims. Source: OIDC Core 3.1.3.7.
 */
async function believed(
  { keys, now }: ProviderOptions,
  answer: Answer,
  previous: ProviderTokens | null,
): Promise<SignIn> {
  const { id_token: idToken } = answer
  const keyOf = ({ alg, kid }: { alg: string; kid?: string }) => keys({ alg, kid }, 'vouched for')
  try {
    if (idToken) await compactVerify(idToken, keyOf, { algorithms: [...algorithms] })
    return signInFrom(answer, previous, now())
  } catch (cause) {
    throw isTokenFault(cause) ? new SignInRefused('denied', { cause }) : unavailable(cause)
  }
}

/** `acr_values` is a wish: whether it came true stands in the ID token alone. Source: RFC 9470. */
function atLevel(signIn: SignIn, { acrValues }: Checks): SignIn {
  if (acrValues && !reaches(signIn.acr, acrValues)) throw new SignInRefused('level-not-met')
  return signIn
}

const providerTroubles = ['temporarily_unavailable', 'server_error']

/** Every other error of the authorization endpoint is a no. Source: OIDC Core 3.1.2.6. */
const refusals = new Map<string, RefusalReason>([
  ['login_required', 'interaction-required'],
  ['interaction_required', 'interaction-required'],
  ['consent_required', 'interaction-required'],
  ['account_selection_required', 'interaction-required'],
  ['unmet_authentication_requirements', 'level-not-met'],
])

function refusalFrom(cause: unknown): Error {
  if (cause instanceof client.AuthorizationResponseError) {
    return providerTroubles.includes(cause.error)
      ? unavailable(cause)
      : new SignInRefused(refusals.get(cause.error) ?? 'denied', { cause })
  }
  // Anything but a code that is used up is between the provider and us: a changed client secret,
  // for one.
  if (cause instanceof client.ResponseBodyError && cause.error !== 'invalid_grant') {
    return unavailable(cause)
  }
  return new SignInRefused('expired', { cause })
}

async function renew(
  config: client.Configuration,
  options: ProviderOptions,
  tokens: ProviderTokens,
): Promise<Renewal> {
  try {
    const answer = await client.refreshTokenGrant(config, tokens.refreshToken ?? '')
    return await believed(options, answer, tokens)
  } catch (error) {
    const isOver = error instanceof client.ResponseBodyError && error.error === 'invalid_grant'
    if (isOver) return 'refused'
    throw error
  }
}
