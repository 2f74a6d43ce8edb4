import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose'
import { z } from 'zod'
import { type Role, roles } from '#schema/scopes'
import { AppError } from './errors.ts'

/** Who asks. `actor` is the person behind an impersonation, `acr` the strength of the sign-in. */
export type Viewer = {
  readonly id: string
  readonly roles: readonly Role[]
  readonly scopes: ReadonlySet<string>
  readonly acr: string
  readonly actor: string | null
  readonly sessionId: string | null
}

/**
 * True for whoever has proven a second factor in this sign-in. An `acr` that is no level is the
 * lowest, and what an actor has proven counts for nobody else.
 */
export const isSteppedUp = (viewer: Viewer | null): boolean =>
  viewer !== null && viewer.actor === null && Number(viewer.acr) >= 2

/**
 * True for people themselves, for programs, and for whoever acts as somebody whole. Not for a
 * delegate: they hold the scopes that were named to them and nothing beside.
 */
export const isSignedIn = (viewer: Viewer | null): boolean =>
  viewer !== null && (viewer.actor === null || viewer.scopes.has('self'))

export type Minter = { mint(viewer: Viewer | null, audience: string): Promise<string> }
export type Verifier = { verify(token: string): Promise<{ viewer: Viewer | null }> }

const issuerName = 'plexus-gateway'
const algorithm = 'EdDSA'
const tokenType = 'plexus-identity+jwt'
const lifetimeSeconds = 60
/** A cached token is handed out only while it outlives any request that carries it. */
const spareSeconds = 15
const clockToleranceSeconds = 5
const cacheEntriesMax = 10_000

const secondsAt = (instant: Date) => Math.floor(instant.getTime() / 1_000)

/** Keeps the newest `cacheEntriesMax` entries: a Map iterates in the order of insertion. */
function remember<Value>(cache: Map<string, Value>, key: string, value: Value) {
  cache.delete(key)
  cache.set(key, value)
  if (cache.size <= cacheEntriesMax) return
  const [oldest] = cache.keys()
  if (oldest !== undefined) cache.delete(oldest)
}

const claimsOf = (viewer: Viewer | null): JWTPayload => {
  if (!viewer) return { scope: '', roles: [] }
  return {
    sub: viewer.id,
    scope: [...viewer.scopes].join(' '),
    roles: [...viewer.roles],
    acr: viewer.acr,
    ...(viewer.actor && { act: { sub: viewer.actor } }),
    ...(viewer.sessionId && { sid: viewer.sessionId }),
  }
}

type Minted = { readonly token: Promise<string>; readonly expiresAt: number }

type MinterOptions = {
  readonly privateJwk: JWK
  readonly issuer?: string
  readonly now: () => Date
}

/**
 * Signs a token of 60 seconds for one audience; the same viewer gets the same token until 15
 * seconds before its end.
 */
export function createMinter({ privateJwk, issuer = issuerName, now }: MinterOptions): Minter {
  const key = importJWK(privateJwk, algorithm)
  const minted = new Map<string, Minted>()
  // One request asks for several tokens of one viewer: what identifies it is worked out once.
  const keys = new WeakMap<Viewer, string>()
  const keyOf = (viewer: Viewer): string => {
    const key = keys.get(viewer) ?? JSON.stringify(claimsOf(viewer))
    keys.set(viewer, key)
    return key
  }
  const sign = async (claims: JWTPayload, audience: string, issuedAt: number) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: algorithm, typ: tokenType, kid: privateJwk.kid ?? '' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifetimeSeconds)
      .sign(await key)
  return {
    mint: (viewer, audience) => {
      const cacheKey = `${audience} ${viewer ? keyOf(viewer) : ''}`
      const issuedAt = secondsAt(now())
      const known = minted.get(cacheKey)
      if (known && known.expiresAt - issuedAt > spareSeconds) return known.token
      const token = sign(claimsOf(viewer), audience, issuedAt)
      remember(minted, cacheKey, { token, expiresAt: issuedAt + lifetimeSeconds })
      return token
    },
  }
}

const Claims = z.object({
  sub: z.string().min(1).optional(),
  exp: z.number(),
  iat: z.number(),
  scope: z.string(),
  roles: z.array(z.string()).default([]),
  acr: z.string().default('0'),
  act: z.object({ sub: z.string().min(1) }).optional(),
  sid: z.string().optional(),
})

/** Roles that this release does not know are dropped: a newer gateway may already name them. */
function viewerOf(claims: z.infer<typeof Claims>): Viewer | null {
  if (!claims.sub) return null
  return {
    id: claims.sub,
    roles: roles.filter((role) => claims.roles.includes(role)),
    scopes: new Set(claims.scope.split(' ').filter(Boolean)),
    acr: claims.acr,
    actor: claims.act?.sub ?? null,
    sessionId: claims.sid ?? null,
  }
}

type Times = { readonly iat: number; readonly exp: number }

/** The verification's own bounds, so that a known token ends with an unknown one. */
const isCurrent = ({ iat, exp }: Times, seconds: number) =>
  exp > seconds - clockToleranceSeconds && seconds - iat <= lifetimeSeconds + clockToleranceSeconds

type VerifierOptions = {
  readonly publicJwks: readonly JWK[]
  readonly audience: string
  readonly issuer?: string
  readonly now: () => Date
}

/**
 * Accepts only what a minter signed for this audience; anything else throws AppError
 * UNAUTHENTICATED.
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const { publicJwks, audience, issuer = issuerName, now } = options
  const keys = createLocalJWKSet({ keys: [...publicJwks] })
  const verified = new Map<string, Times & { viewer: Viewer | null }>()
  const read = async (token: string) => {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: [algorithm],
      typ: tokenType,
      issuer,
      audience,
      clockTolerance: clockToleranceSeconds,
      maxTokenAge: lifetimeSeconds,
      currentDate: now(),
    })
    return Claims.parse(payload)
  }
  return {
    verify: async (token) => {
      const known = verified.get(token)
      if (known && isCurrent(known, secondsAt(now()))) return known
      const claims = await read(token).catch((cause: unknown) => {
        throw new AppError('UNAUTHENTICATED', 'The identity token is not valid.', { cause })
      })
      const entry = { viewer: viewerOf(claims), iat: claims.iat, exp: claims.exp }
      remember(verified, token, entry)
      return entry
    },
  }
}

/** A fresh Ed25519 pair for the stack and for tests; in a cluster the keys come from secrets. */
export async function generateIdentityKeys(kid: string): Promise<{ private: JWK; public: JWK }> {
  const pair = await generateKeyPair(algorithm, { crv: 'Ed25519', extractable: true })
  const named = { kid, alg: algorithm, use: 'sig' }
  return {
    private: { ...(await exportJWK(pair.privateKey)), ...named },
    public: { ...(await exportJWK(pair.publicKey)), ...named },
  }
}
