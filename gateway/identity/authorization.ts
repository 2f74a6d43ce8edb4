import { calculatePKCECodeChallenge } from 'openid-client'

/** What is asked of the provider at one sign-in; what is left out is the provider's to decide. */
export type Authorization = {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  readonly locale: string | null
  /** The level to reach. Providers may answer with less, so `signIn` has to be told it as well. */
  readonly acrValues?: Level | null
  /** `none`: without showing a page, or else SignInRefused with `interaction-required`. */
  readonly prompt?: 'none' | 'login' | null
  /** Seconds since the person last typed something at the provider. */
  readonly maxAge?: number | null
  /** A page of the provider's own, for those that manage credentials themselves. */
  readonly action?: CredentialAction | null
}

/** 1: a password. 2: a second factor beside it. */
export type Level = '1' | '2'

/** Keycloak's names of what may be asked for. Everything else there stays out of reach. */
const actions = {
  totp: 'CONFIGURE_TOTP',
  password: 'UPDATE_PASSWORD',
  passkey: 'webauthn-register',
}

export type CredentialAction = keyof typeof actions

export const isCredentialAction = (text: string | null): text is CredentialAction =>
  text !== null && Object.hasOwn(actions, text)

/** The parameters of an authorization request. Source: OIDC Core 3.1.2.1, RFC 7636. */
export async function parametersOf(
  { state, nonce, codeVerifier, ...wanted }: Authorization,
  client: { readonly redirectUri: string; readonly scope: string },
): Promise<Record<string, string>> {
  const { locale, acrValues, prompt, maxAge, action } = wanted
  return {
    ...{ redirect_uri: client.redirectUri, scope: client.scope, state, nonce },
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    ...(locale && { ui_locales: locale }),
    ...(acrValues && { acr_values: acrValues }),
    ...(prompt && { prompt }),
    ...(typeof maxAge === 'number' && { max_age: String(maxAge) }),
    ...(action && { kc_action: actions[action] }),
  }
}

/** Levels are numbers that grow; a claim that is none is below every level. */
export const reaches = (acr: string, level: Level): boolean => Number(acr) >= Number(level)
