import type { JWK } from 'jose'
import type * as Library from 'oidc-provider'
import type { Client, Context } from 'oidc-provider'
import type { Log } from '#kit/log'
import type { Database } from '#kit/postgres'
import type { Accounts } from '../account/accounts.ts'
import { locales } from '../account/rules.ts'
import type { SignIn } from '../account/sign-in.ts'
import type { SecondFactor } from '../security/second-factor.ts'
import { claimsByScope, findAccount } from './account.ts'
import { adapterOf } from './adapter.ts'
import { clientAdapter, clientMetadata, isProgram, programClaims, scopeOf } from './api-client.ts'
import { cookieSigner } from './cookie-keys.ts'
import { levelCheck } from './level.ts'
import { showError, showSignedOut, showSignOut } from './replies.ts'

/** An application that may send people here. The gateway is one; its secret never leaves the servers. */
export type ProviderClient = {
  id: string
  secret: string
  redirectUris: readonly string[]
  postLogoutRedirectUris: readonly string[]
  /** Called when a sign-in ends elsewhere; the only address that the provider ever calls. */
  backchannelLogoutUri?: string | undefined
}

/** `limited`: the network address had too many failures. */
export type SignInOutcome =
  | SignIn['outcome']
  | 'limited'
  | 'second-factor-proven'
  | 'second-factor-refused'
  | 'second-factor-locked'

export type ProviderOptions = {
  issuer: string
  /** Sees every account: signing in happens before anybody is somebody. */
  db: Database
  /**
   * Private P-256 keys with `kid` and `alg: ES256`; the first one signs, every one is published. A
   * new key comes second first, and signs when whoever checks tokens has had ten minutes to see it.
   */
  jwks: readonly JWK[]
  /** The first one signs cookies, every one verifies them. */
  cookieKeys: readonly string[]
  client: ProviderClient
  /** The `aud` of access tokens. */
  audience: string
  /** True behind a proxy of ours: then X-Forwarded-For and X-Forwarded-Proto count. */
  trustProxy?: boolean
  log: Log
  now: () => Date
  /** Null where nobody has one: a password is enough for everybody then. */
  secondFactor?: SecondFactor | null
  /** Without it nobody's address or password's age is in the way. */
  accounts?: Accounts
  /** Told of every try to sign in. */
  seen?: (outcome: SignInOutcome) => void
}

const minute = 60
const hour = 60 * minute
const day = 24 * hour
const resource = 'urn:plexus:api'
const apiScope = 'api'
const scopes = 'openid profile email'

const lifetimes = {
  AccessToken: 5 * minute,
  AuthorizationCode: minute,
  ClientCredentials: 10 * minute,
  IdToken: hour,
  Interaction: 30 * minute,
  // Longer than any session of an application, so that it is the application that ends it.
  RefreshToken: day,
  Session: day,
  Grant: 14 * day,
}

function cookiesOf(issuer: string, keys: readonly string[]) {
  const secure = issuer.startsWith('https:')
  const options = { httpOnly: true, sameSite: 'lax', signed: true, secure }
  const prefix = secure ? '__Secure-' : ''
  return {
    keys: cookieSigner(keys),
    long: options,
    short: options,
    // Cookies do not know ports: on a laptop the gateway has the same host.
    names: {
      session: `${prefix}plexus-op`,
      interaction: `${prefix}plexus-op-interaction`,
      resume: `${prefix}plexus-op-resume`,
    },
  }
}

const clientOf = ({ client }: ProviderOptions) => ({
  client_id: client.id,
  client_secret: client.secret,
  client_name: 'Plexus',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  redirect_uris: [...client.redirectUris],
  post_logout_redirect_uris: [...client.postLogoutRedirectUris],
  token_endpoint_auth_method: 'client_secret_basic',
  id_token_signed_response_alg: 'ES256',
  ...(client.backchannelLogoutUri && {
    backchannel_logout_uri: client.backchannelLogoutUri,
    backchannel_logout_session_required: true,
  }),
})

/** The application is ours: nobody is asked whether it may know who they are. */
async function loadExistingGrant({ oidc }: Context) {
  const { provider, client, session, result } = oidc
  if (!client || !session?.accountId) return undefined
  const known = result?.consent?.grantId ?? session.grantIdFor(client.clientId)
  const existing = known ? await provider.Grant.find(known) : undefined
  if (existing) return existing
  const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId })
  grant.addOIDCScope(scopes)
  grant.addResourceScope(resource, apiScope)
  await grant.save()
  return grant
}

/** Outgoing requests go to one configured address and follow no redirect; the library's own guard needs Node. */
const fetchOnly = (allowed: string | undefined) => async (url: URL | string, init: RequestInit) => {
  if (String(url) !== allowed) throw new TypeError('The provider may not call this address.')
  return fetch(url, { ...init, redirect: 'error' })
}

const sameClient = async (_ctx: Context, client: Client, token: { clientId?: string }) =>
  token.clientId === client.clientId

const features = (options: ProviderOptions) => ({
  devInteractions: { enabled: false },
  clientCredentials: { enabled: true },
  // For programs that bind their tokens to a key of theirs. Source: RFC 9449.
  dPoP: { enabled: true },
  pushedAuthorizationRequests: { enabled: true },
  registration: { enabled: false },
  userinfo: { enabled: true },
  introspection: { enabled: true, allowedPolicy: sameClient },
  revocation: { enabled: true, allowedPolicy: sameClient },
  backchannelLogout: { enabled: Boolean(options.client.backchannelLogoutUri) },
  rpInitiatedLogout: {
    enabled: true,
    logoutSource: (ctx: Context, form: string) => showSignOut(ctx, form, options),
    postLogoutSuccessSource: (ctx: Context) => showSignedOut(ctx, options),
  },
  resourceIndicators: {
    enabled: true,
    defaultResource: async () => resource,
    useGrantedResource: async () => true,
    getResourceServerInfo: async (ctx: Context, _resource: string, client: Client) => {
      const scope = scopeOf(ctx, client)
      return {
        scope: scope ?? apiScope,
        audience: options.audience,
        accessTokenFormat: 'jwt',
        accessTokenTTL: scope ? lifetimes.ClientCredentials : lifetimes.AccessToken,
        jwt: { sign: { alg: 'ES256' } },
      }
    },
  },
})

/** The library's settings. What is not named here is off or its safe default. */
export function settingsOf(options: ProviderOptions, library: typeof Library) {
  const { db, now } = options
  const policy = library.interactionPolicy.base()
  policy.remove('consent')
  policy.get('login')?.checks.add(levelCheck(library.interactionPolicy))
  const stored = adapterOf({
    db,
    now,
    replayed: () => new library.errors.InvalidGrant('already used'),
  })
  const refused = () => new library.errors.InvalidClientAuth('changed while it asked')
  return {
    adapter: (model: string) => (model === 'Client' ? clientAdapter(db) : stored(model)),
    clients: [clientOf(options)],
    extraClientMetadata: { properties: clientMetadata },
    jwks: { keys: [...options.jwks] },
    cookies: cookiesOf(options.issuer, options.cookieKeys),
    pkce: { required: () => true },
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    scopes: scopes.split(' '),
    claims: claimsByScope,
    conformIdTokenClaims: false,
    acrValues: ['1', '2'],
    discovery: { ui_locales_supported: [...locales] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    features: features(options),
    interactions: {
      policy,
      url: async (_ctx: Context, { uid }: Library.Interaction) => `/interaction/${uid}`,
    },
    findAccount: (_ctx: Context, id: string) => findAccount(db, id),
    extraTokenClaims: async (ctx: Context, token: Library.Token) => {
      if (isProgram(token)) return programClaims(ctx, { db, now, refused })
      const { sid } = token
      const claims = await ctx.oidc.account?.claims('access_token', '')
      return { roles: claims?.roles ?? [], ...(sid && { sid }) }
    },
    loadExistingGrant,
    issueRefreshToken: async () => true,
    // A refresh token ends with the sign-in that it came from.
    expiresWithSession: async () => true,
    rotateRefreshToken: true,
    clientBasedCORS: () => false,
    fetch: fetchOnly(options.client.backchannelLogoutUri),
    renderError: (ctx: Context, out: { error: string }, error: Error) =>
      showError(ctx, { code: out.error, error }, options),
    ttl: lifetimes,
  }
}
