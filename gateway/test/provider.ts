import { createHash, randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'

const algorithm = 'ES256'
export const clientId = 'plexus-web'
export const clientSecret = 'a secret for tests only'
export const audience = 'plexus-api'

export type Person = {
  sub: string
  name: string
  roles: string[]
  disabled: boolean
}

/** What a test bends: one field at a time, so that each refusal has one cause. */
export type Bend = {
  idToken?: (claims: JWTPayload) => JWTPayload
  callback?: (parameters: URLSearchParams) => void
  /** Answers of the token endpoint while set. */
  tokenStatus?: number
  accessSeconds?: number
  /** The token endpoint does what it is asked for, and its answer never arrives. */
  lose?: boolean
  /** Nobody is signed in here any more: a page would be needed. */
  signedOut?: boolean
  /** Holds a token answer back until it settles. */
  hold?: Promise<void>
  /** Answers of the introspection endpoint while set. */
  introspectionStatus?: number
}

type Grant = { nonce: string; challenge: string; redirectUri: string }

/**
 * An OpenID provider on a port of its own that signs in `person` without asking, and lies on
 * request.
 */
type Options = {
  readonly port?: number
  /** The clock of those who read its tokens, where that is not the machine's. */
  readonly now?: () => Date
}

export async function startProvider({ port = 0, now = () => new Date() }: Options = {}) {
  const keys = await generateKeyPair(algorithm, { extractable: true })
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'op-1', alg: algorithm, use: 'sig' }
  const published: JWK[] = [jwk]
  const person: Person = {
    sub: randomUUID(),
    name: 'Ada',
    roles: ['client', 'offline_access'],
    disabled: false,
  }
  const grants = new Map<string, Grant>()
  const refreshTokens = new Map<string, string>()
  const counts = { keys: 0, code: 0, refresh: 0, revoke: 0, introspect: 0 }
  const bend: Bend = {}
  const opaque = new Map<string, Bent>()
  const state = {
    ...{ keys, person, grants, refreshTokens, counts, bend, opaque, now },
    issuer: '',
  }
  const server = Bun.serve({
    port,
    hostname: '127.0.0.1',
    fetch: (request) => answer(state, published, request),
  })
  state.issuer = `http://localhost:${server.port}`
  return {
    ...{ person, counts, bend, refreshTokens },
    /** What it says of a token that says nothing itself. */
    opaque,
    issuer: state.issuer,
    /**
     * A token with any claims and header, signed with the provider's key unless another is given.
     */
    sign: (claims: Bent, header: Bent = {}, key = keys.privateKey) => sign(claims, header, key),
    accessToken: (claims: Bent = {}, header: Bent = {}) =>
      sign({ ...accessClaims(state), ...claims }, { typ: 'at+jwt', ...header }, keys.privateKey),
    publicJwk: jwk,
    /** One more key in the key set. */
    publish: (more: JWK) => void published.push(more),
    stop: () => server.stop(true),
  }
}

export type TestProvider = Awaited<ReturnType<typeof startProvider>>

type State = {
  readonly keys: Awaited<ReturnType<typeof generateKeyPair>>
  readonly person: Person
  readonly grants: Map<string, Grant>
  /** Each with the sign-in that it is of. */
  readonly refreshTokens: Map<string, string>
  readonly counts: Record<'keys' | 'code' | 'refresh' | 'revoke' | 'introspect', number>
  readonly opaque: Map<string, Bent>
  readonly bend: Bend
  readonly now: () => Date
  issuer: string
}

/** Claims or header fields of any kind; an undefined one is left out. */
type Bent = Record<string, unknown>

const sign = (claims: Bent, header: Bent, key: Parameters<SignJWT['sign']>[0]) =>
  new SignJWT(JSON.parse(JSON.stringify(claims)))
    .setProtectedHeader({ alg: algorithm, kid: 'op-1', ...header })
    .sign(key)

const secondsBy = (now: () => Date) => Math.floor(now().getTime() / 1_000)

const accessClaims = ({ issuer, person, bend, now }: State): JWTPayload => ({
  iss: issuer,
  aud: audience,
  sub: person.sub,
  client_id: clientId,
  scope: 'api',
  roles: person.roles,
  iat: secondsBy(now),
  exp: secondsBy(now) + (bend.accessSeconds ?? 300),
})

async function answer(
  state: State,
  published: readonly JWK[],
  request: Request,
): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url)
  switch (pathname) {
    case '/.well-known/openid-configuration':
      return Response.json(metadata(state.issuer))
    case '/jwks':
      state.counts.keys += 1
      return Response.json({ keys: published })
    case '/authorize':
      return authorize(state, searchParams)
    case '/token':
      return token(state, request)
    case '/revoke':
      state.counts.revoke += 1
      return new Response(null, { status: 200 })
    case '/introspect':
      return introspect(state, request)
    default:
      return new Response(null, { status: 404 })
  }
}

const metadata = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  revocation_endpoint: `${issuer}/revoke`,
  introspection_endpoint: `${issuer}/introspect`,
  end_session_endpoint: `${issuer}/end`,
  authorization_response_iss_parameter_supported: true,
  id_token_signing_alg_values_supported: [algorithm],
  code_challenge_methods_supported: ['S256'],
})

function authorize({ grants, issuer, bend }: State, wanted: URLSearchParams): Response {
  if (wanted.get('code_challenge_method') !== 'S256') return new Response(null, { status: 400 })
  const code = randomUUID()
  const redirectUri = wanted.get('redirect_uri') ?? ''
  if (bend.signedOut && wanted.get('prompt') === 'none') {
    const no = { error: 'login_required', state: wanted.get('state') ?? '', iss: issuer }
    return Response.redirect(`${redirectUri}?${new URLSearchParams(no)}`, 303)
  }
  const [nonce, challenge] = [wanted.get('nonce') ?? '', wanted.get('code_challenge') ?? '']
  grants.set(code, { nonce, challenge, redirectUri })
  const parameters = new URLSearchParams({ code, state: wanted.get('state') ?? '', iss: issuer })
  bend.callback?.(parameters)
  return Response.redirect(`${redirectUri}?${parameters}`, 303)
}

/** Both halves are form-encoded before they are joined. Source: RFC 6749 section 2.3.1. */
function isOurClient(authorization: string | null): boolean {
  const [id, secret] = atob(authorization?.replace(/^Basic /, '') ?? '').split(':')
  return decodeURIComponent(id ?? '') === clientId && formDecoded(secret ?? '') === clientSecret
}

const formDecoded = (text: string) => decodeURIComponent(text.replaceAll('+', ' '))

async function introspect(state: State, request: Request): Promise<Response> {
  const { bend, counts, opaque } = state
  counts.introspect += 1
  await bend.hold
  if (bend.introspectionStatus) return new Response('down', { status: bend.introspectionStatus })
  if (!isOurClient(request.headers.get('authorization'))) return refuse('invalid_client', 401)
  const form = new URLSearchParams(await request.text())
  return Response.json(opaque.get(form.get('token') ?? '') ?? { active: false })
}

async function token(state: State, request: Request): Promise<Response> {
  const { bend, counts } = state
  const form = new URLSearchParams(await request.text())
  const isRefresh = form.get('grant_type') === 'refresh_token'
  counts[isRefresh ? 'refresh' : 'code'] += 1
  await bend.hold
  if (bend.tokenStatus) return new Response('down', { status: bend.tokenStatus })
  if (!isOurClient(request.headers.get('authorization'))) return refuse('invalid_client', 401)
  if (isRefresh) {
    const answer = await refresh(state, form.get('refresh_token') ?? '')
    // What a proxy says when it has lost the provider on the way back.
    return bend.lose ? new Response('lost', { status: 502 }) : answer
  }
  const code = form.get('code') ?? ''
  const grant = state.grants.get(code)
  state.grants.delete(code)
  if (!grant || grant.redirectUri !== form.get('redirect_uri')) return refuse('invalid_grant')
  const proof = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url')
  return proof === grant.challenge
    ? grantTokens(state, { sid: randomUUID(), nonce: grant.nonce })
    : refuse('invalid_grant')
}

/** Each refresh token works once. */
function refresh(state: State, presented: string) {
  const sid = state.refreshTokens.get(presented)
  state.refreshTokens.delete(presented)
  if (!sid || state.person.disabled) return refuse('invalid_grant')
  return grantTokens(state, { sid, nonce: null })
}

const refuse = (error: string, status = 400) => Response.json({ error }, { status })

async function grantTokens(
  state: State,
  { sid, nonce }: { sid: string; nonce: string | null },
): Promise<Response> {
  const { issuer, person, bend, refreshTokens, keys } = state
  const iat = secondsBy(state.now)
  const refreshToken = randomUUID()
  refreshTokens.set(refreshToken, sid)
  const claims = {
    ...{ iss: issuer, aud: clientId, sub: person.sub, name: person.name, sid },
    ...{ iat, exp: iat + 300, ...(nonce && { nonce }) },
  }
  return Response.json({
    token_type: 'Bearer',
    expires_in: bend.accessSeconds ?? 300,
    refresh_token: refreshToken,
    access_token: await sign(accessClaims(state), { typ: 'at+jwt' }, keys.privateKey),
    id_token: await sign(bend.idToken?.(claims) ?? claims, { typ: 'JWT' }, keys.privateKey),
  })
}
