import { createRemoteJWKSet, decodeJwt, type JWTPayload, jwtVerify } from 'jose'
import { calculatePKCECodeChallenge } from 'openid-client'
import { type Provider, type ProviderOptions, SignInRefused } from '../../../identity/provider.ts'
import { newSession, type TokenAnswer } from './new-session.ts'

/** What a client has to look at before it believes a provider. Source: OIDC Core 3.1.3.7, RFC 9207, RFC 7636. */
export type Check =
  | 'metadata-issuer'
  | 'response-issuer'
  | 'proof'
  | 'nonce'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'authorized-party'
  | 'expiry'
  | 'level'
  | 'authentication-age'

type Metadata = {
  issuer: string
  authorization_endpoint: string
  token_endpoint: string
  jwks_uri: string
}
type Checks = Parameters<Provider['signIn']>[1]

/** A way to the provider as people write it by hand, with one of the checks forgotten. */
export const providerWithout =
  (forgotten: Check) =>
  (options: ProviderOptions): Provider => {
    const made = (check: Check) => check !== forgotten
    const metadata = async (): Promise<Metadata> => {
      const response = await fetch(`${options.issuer}/.well-known/openid-configuration`)
      const found: Metadata = await response.json()
      if (made('metadata-issuer') && found.issuer !== options.issuer) throw refused()
      return found
    }
    return {
      authorizationUrl: async ({ state, nonce, codeVerifier, acrValues, maxAge, prompt }) => {
        const url = new URL((await metadata()).authorization_endpoint)
        const parameters = {
          ...{ client_id: options.clientId, response_type: 'code', scope: options.scope },
          ...{ redirect_uri: options.redirectUri, state, nonce },
          ...(acrValues && { acr_values: acrValues }),
          ...(prompt && { prompt }),
          ...(typeof maxAge === 'number' && { max_age: String(maxAge) }),
          ...(made('proof') && {
            code_challenge: await calculatePKCECodeChallenge(codeVerifier),
            code_challenge_method: 'S256',
          }),
        }
        url.search = String(new URLSearchParams(parameters))
        return url
      },
      signIn: async (callback, checks) => {
        const found = await metadata()
        const { code, iss } = Object.fromEntries(callback.searchParams)
        if (made('response-issuer') && iss !== options.issuer) throw refused()
        const answer = await redeem(found, options, {
          grant_type: 'authorization_code',
          code: code ?? '',
          redirect_uri: options.redirectUri,
          ...(made('proof') && { code_verifier: checks.codeVerifier }),
        })
        const claims = await believed(answer.id_token, { found, options, made })
        const fault = faultIn(claims, { ...checks, clientId: options.clientId })
        if (fault && made(fault)) throw refused()
        return newSession(claims, answer)
      },
      renew: async () => 'refused',
      revoke: async () => {},
      endSessionUrl: async () => null,
      jwksUri: async () => new URL((await metadata()).jwks_uri),
      introspect: async () => ({ active: false }),
    }
  }

const refused = () => new SignInRefused('denied')

async function redeem(
  { token_endpoint }: Metadata,
  { clientId, clientSecret }: ProviderOptions,
  form: Record<string, string>,
): Promise<TokenAnswer> {
  const authorization = `Basic ${btoa(`${clientId}:${new URLSearchParams({ '': clientSecret }).toString().slice(1)}`)}`
  const response = await fetch(token_endpoint, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams(form),
  })
  if (!response.ok) throw refused()
  return response.json()
}

type Believing = {
  readonly found: Metadata
  readonly options: ProviderOptions
  readonly made: (check: Check) => boolean
}

async function believed(idToken: string, { found, options, made }: Believing): Promise<JWTPayload> {
  if (!made('signature')) return decodeJwt(idToken)
  const { exp = 0 } = decodeJwt(idToken)
  try {
    const { payload } = await jwtVerify(idToken, createRemoteJWKSet(new URL(found.jwks_uri)), {
      algorithms: ['ES256'],
      ...(made('issuer') && { issuer: options.issuer }),
      ...(made('audience') && { audience: options.clientId }),
      ...(!made('expiry') && { currentDate: new Date((exp - 1) * 1_000) }),
    })
    return payload
  } catch (cause) {
    throw new SignInRefused('denied', { cause })
  }
}

type Expected = Pick<Checks, 'nonce' | 'acrValues' | 'maxAge'> & { readonly clientId: string }

function faultIn(
  claims: JWTPayload,
  { nonce, acrValues, maxAge, clientId }: Expected,
): Check | null {
  const { azp, acr, auth_time } = claims
  if (claims.nonce !== nonce) return 'nonce'
  if (azp !== undefined && azp !== clientId) return 'authorized-party'
  if (acrValues && Number(acr) < Number(acrValues)) return 'level'
  const age = Date.now() / 1_000 - Number(auth_time)
  return typeof maxAge === 'number' && !(age <= maxAge + 5) ? 'authentication-age' : null
}
