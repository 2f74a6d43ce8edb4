import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { type Context, type Middleware, Provider } from 'oidc-provider'
import { freePort } from '../../../../stack/ports.ts'
import { publicOrigin } from '../../edge-harness.ts'
import { clientId, clientSecret } from '../../provider.ts'

/** What the provider does wrong: one thing a test. */
export type Bend = {
  /** The ID token of the token endpoint, signed anew with what this makes of it. */
  idToken?: (claims: JWTPayload) => { claims: JWTPayload; sign?: Sign }
  /** The way back to the gateway. */
  callback?: (parameters: URLSearchParams) => void
  /** The document of discovery. */
  metadata?: (document: Record<string, unknown>) => void
  /** Answers a code that was used with what it was answered with before. */
  codesLast?: boolean
  /** Binds no code to whoever asked for it, and asks nobody for the proof. */
  withoutProof?: boolean
}

type Sign = (claims: JWTPayload) => Promise<string>
type Key = { readonly privateKey: CryptoKey; readonly kid: string }

const sign = (claims: JWTPayload, { privateKey, kid }: Key, typ = 'JWT') =>
  new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid, typ }).sign(privateKey)

/** Who is signed in at the provider, whoever comes. */
type Person = { sub: string; name: string }

/** Sends whoever has to sign in back at once, as the person of the moment. */
const signsIn =
  (provider: Provider, person: Person): Middleware =>
  async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next()
    const login = { accountId: person.sub, acr: '1', amr: ['pwd'] }
    const options = { mergeWithLastSubmission: false }
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, { login }, options))
  }

async function grantFor({ oidc }: Context) {
  const { provider, client, session } = oidc
  if (!client || !session?.accountId) return undefined
  const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId })
  grant.addOIDCScope('openid profile email')
  await grant.save()
  return grant
}

const settings = (person: Person, jwk: object) => ({
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [`${publicOrigin}/auth/callback`],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'ES256',
    },
  ],
  jwks: { keys: [jwk] },
  cookies: { keys: ['a key of the tests'] },
  claims: { openid: ['sub', 'acr', 'auth_time', 'sid'], profile: ['name', 'roles'] },
  conformIdTokenClaims: false,
  features: {
    devInteractions: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
  },
  interactions: { url: async (_: Context, { uid }: { uid: string }) => `/interaction/${uid}` },
  findAccount: async (_: Context, id: string) => ({
    accountId: id,
    claims: async () => ({ sub: id, name: person.name, roles: ['client'] }),
  }),
  loadExistingGrant: grantFor,
  issueRefreshToken: async () => true,
  pkce: { required: () => false },
  ttl: {
    AccessToken: 300,
    Grant: 900,
    IdToken: 300,
    Interaction: 300,
    RefreshToken: 900,
    Session: 900,
  },
})

type TokenAnswer = { id_token?: string; [member: string]: unknown }

/** Bends what leaves, and remembers what a code was answered with. */
function bending(bend: Bend, key: Key): Middleware {
  const answered = new Map<string, unknown>()
  const forged = async (idToken: string) => {
    const claims: JWTPayload = JSON.parse(
      Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString(),
    )
    const bent = bend.idToken?.(claims)
    if (!bent) return idToken
    return bent.sign ? bent.sign(bent.claims) : sign(bent.claims, key)
  }
  return async (ctx, next) => {
    await next()
    if (ctx.path === '/token' && isAnswer(ctx.body)) {
      const code = String(ctx.oidc?.params?.code)
      const body =
        ctx.status === 200 ? ctx.body : (bend.codesLast && answered.get(code)) || ctx.body
      if (body !== ctx.body) ctx.status = 200
      answered.set(code, body)
      ctx.body =
        isAnswer(body) && body.id_token ? { ...body, id_token: await forged(body.id_token) } : body
    }
    if (ctx.path === '/.well-known/openid-configuration' && isRecord(ctx.body))
      bend.metadata?.(ctx.body)
  }
}

/** A body that is there already is not read again. */
type Read = { body?: Record<string, string> }

/** PKCE is taken out on the way in, so that the rest of the provider never hears of it. */
const proofless =
  (bend: Bend): Middleware =>
  async (ctx, next) => {
    if (bend.withoutProof && ctx.path === '/auth') {
      const query = new URLSearchParams(ctx.querystring)
      for (const name of ['code_challenge', 'code_challenge_method']) query.delete(name)
      ctx.querystring = String(query)
    }
    if (bend.withoutProof && ctx.path === '/token') {
      const form = new URLSearchParams(await text(ctx.req))
      form.delete('code_verifier')
      Object.assign<object, Read>(ctx.req, { body: Object.fromEntries(form) })
    }
    await next()
  }

const isRecord = (body: unknown): body is Record<string, unknown> =>
  typeof body === 'object' && body !== null
const isAnswer = (body: unknown): body is TokenAnswer => isRecord(body)

/**
 * A provider that keeps every rule of OpenID Connect but the one that a test bends: oidc-provider, which is
 * certified, with its answers changed on their way out.
 */
export async function startEvilProvider() {
  const pair = await generateKeyPair('ES256', { extractable: true })
  const key: Key = { privateKey: pair.privateKey, kid: 'evil-1' }
  const jwk = { ...(await exportJWK(pair.privateKey)), kid: key.kid, alg: 'ES256', use: 'sig' }
  const bend: Bend = {}
  const person: Person = { sub: crypto.randomUUID(), name: 'Ada' }
  const port = await freePort()
  const issuer = `http://localhost:${port}`
  const provider = new Provider(issuer, settings(person, jwk))
  provider.use(bending(bend, key)).use(proofless(bend)).use(signsIn(provider, person))
  const server = createServer(provider.callback())
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    ...{ issuer, person, bend },
    publicJwk: { ...(await exportJWK(pair.publicKey)), kid: key.kid },
    /** A token of the provider's own key. */
    sign: (claims: JWTPayload, typ?: string) => sign(claims, key, typ),
    /** Keeps every rule again. */
    straighten: () => {
      for (const name of Object.keys(bend)) Reflect.deleteProperty(bend, name)
    },
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

export type EvilProvider = Awaited<ReturnType<typeof startEvilProvider>>

/** A browser at the provider: follows it to the end, which is an address of the gateway's. */
export async function throughProvider(
  { issuer, bend }: EvilProvider,
  start: string,
  jar = new Map<string, string>(),
): Promise<string> {
  let url = start
  while (url.startsWith(issuer)) {
    const cookie = [...jar].map((pair) => pair.join('=')).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, value)
    }
    const location = response.headers.get('location')
    if (!location) throw new Error(`The provider stays at ${url}: ${await response.text()}`)
    url = new URL(location, url).href
  }
  const back = new URL(url)
  bend.callback?.(back.searchParams)
  return back.href
}
