import type { Log } from '#kit/log'
import type { Metrics } from '#kit/metrics'
import type { Pool } from '#kit/postgres'
import { createVault } from '#kit/vault'
import { type Scope, scopesOf } from '#schema/scopes'
import type { Config } from './config.ts'
import type { Stage } from './exchange.ts'
import { adminTools } from './http/admin-tools.ts'
import { serveExplorer } from './http/explorer.ts'
import { forwards, handOn, type Neighbour } from './http/forward.ts'
import { functions, runFunction } from './http/functions.ts'
import { http } from './http/http.ts'
import { challenging, type ProtectedResource, serveMetadata } from './http/protected-resource.ts'
import { routesOf } from './http/routes.ts'
import { serveRuntimeConfig } from './http/runtime-config.ts'
import { createSite } from './http/static.ts'
import type { Verify } from './identity/bearer.ts'
import { type Cookies, createCookies } from './identity/cookies.ts'
import { proofAlgorithms } from './identity/dpop.ts'
import type { Unguarded } from './identity/guards.ts'
import { identity } from './identity/index.ts'
import { type KeySet, keysOf } from './identity/keys.ts'
import { createLoginAttempts } from './identity/login-attempt.ts'
import { createOidc } from './identity/oidc.ts'
import { createPrograms } from './identity/programs.ts'
import { proofsIn } from './identity/proof-store.ts'
import { createProvider, type Provider } from './identity/provider.ts'
import { createProviderLogout } from './identity/provider-logout.ts'
import { createRenewal } from './identity/renewal.ts'
import { isSecret } from './identity/secret.ts'
import { cacheSessions, type SessionCache } from './identity/session-cache.ts'
import { whileSignedIn } from './identity/session-in-flight.ts'
import { createSessionPages } from './identity/session-pages.ts'
import { placesFrom } from './identity/session-place.ts'
import { createSessionStore } from './identity/session-store.postgres.ts'
import type { SessionStore } from './identity/session-store.ts'
import { viewerOf } from './identity/session-viewer.ts'
import { createSessionWatch } from './identity/session-watch.ts'
import type { Registry } from './operations/registry.ts'
import type { WatchProgram, WatchSession } from './streams.ts'

export type EdgeDeps = Unguarded & {
  /** The way to the provider; without it the one that `provider.ts` makes. */
  readonly providerFor?: typeof createProvider | undefined
  readonly config: EdgeConfig
  readonly sql: Pool
  readonly log: Log
  readonly metrics: Metrics
  readonly now: () => Date
  /** The subgraphs by name, for what is handed on to one of them. */
  readonly neighbours: ReadonlyMap<string, Neighbour>
  /** What may be run at an address of its own. */
  readonly registry: Pick<Registry, 'byName'>
  /** Where requests about a stream of many operations go, when it is not here. */
  readonly stream?: Stage | undefined
  /** In the place of our own check of signatures; only tests have one. */
  readonly isSigned?: Verify | undefined
}

/** The part of the configuration that has to do with browsers and tokens. */
export type EdgeConfig = Pick<
  Config,
  | 'publicOrigin'
  | 'adminToolOrigins'
  | 'allowedOrigins'
  | 'cookiePrefix'
  | 'limits'
  | 'session'
  | 'provider'
  | 'web'
>

/** The first two stages, and what they keep running: everything between a browser and the graph. */
export type Edge = {
  readonly http: Stage
  readonly identity: Stage
  readonly watchSession: WatchSession
  readonly watchProgram: WatchProgram
  start(): Promise<void>
  stop(): Promise<void>
  /** Reads the web client's folder again. */
  reloadWeb(): Promise<void>
}

export function createEdge(deps: EdgeDeps): Edge {
  const { config, log } = deps
  const signing = signingIn(deps)
  const resource = resourceOf(config)
  const site = createSite({ folder: config.web.folder })
  const runtimeConfig = serveRuntimeConfig({
    productName: config.web.productName,
    defaultLocale: config.web.defaultLocale,
    locales: ['fr', 'en'],
    provider: { label: config.provider.label },
    features: {},
  })
  return {
    http: http({
      without: deps.without,
      routes: routesOf({
        ...signing.oidc,
        ...signing.pages,
        providerLogout: signing.providerLogout,
        config: runtimeConfig,
        metadata: serveMetadata(resource),
        explorer: serveExplorer({
          ...{ scopesOf: signing.scopesOf, page: site.explorer },
          productName: config.web.productName,
        }),
        tools: signing.tools,
        files: site.files,
        functions: new Map(
          Object.entries(functions).map(([name, operation]) => [
            name,
            runFunction(operation, deps.registry),
          ]),
        ),
        ...(deps.stream && { stream: deps.stream }),
        forwards: new Map(forwards.map((one) => [one.path, handOn(one, deps.neighbours)])),
      }),
      origins: config,
      providerOrigin: new URL(config.provider.issuer).origin,
      bodyBytesMax: config.limits.bodyBytesMax,
      log,
    }),
    identity: challenging(signing.identity, resource),
    start: async () => {
      await Promise.all([signing.sessions.start(), signing.programs.start(), site.load()])
    },
    watchSession: signing.watch.watch,
    watchProgram: signing.programs.watchProgram,
    stop: async () => {
      signing.watch.stop()
      await Promise.all([signing.sessions.stop(), signing.programs.stop()])
    },
    reloadWeb: site.load,
  }
}

/** What a program is told that asks where to get a token. */
const resourceOf = ({ publicOrigin, provider, web }: EdgeConfig): ProtectedResource => ({
  ...{ publicOrigin, issuer: provider.issuer, productName: web.productName },
  scopes: [...scopesOf(['PARTNER_APP'])],
  firstScopes: ['bookings:read', 'bookings:write'] satisfies Scope[],
  proofAlgorithms: proofAlgorithms.split(' '),
})

/** Cookie, session, provider and token: one vault and one set of cookie names for all of them. */
function signingIn(deps: EdgeDeps) {
  const { config, sql, log, metrics, now, without } = deps
  const { publicOrigin, session } = config
  const cookies = createCookies(config.cookiePrefix, { without })
  const vault = createVault(session.keys)
  const keys: KeySet = keysOf({ jwksUri: () => provider.jwksUri(), now, without })
  const provider: Provider = (deps.providerFor ?? createProvider)({
    ...{ ...config.provider, keys },
    redirectUri: `${publicOrigin}/auth/callback`,
    postLogoutRedirectUri: `${publicOrigin}/`,
    now,
  })
  const store = createSessionStore({ ...session, sql, vault, now, without })
  const renewed = createRenewal({ store, ask: provider.renew, now, log, seen: renewals(metrics) })
  const load = async (secret: string) => {
    const found = await store.find(secret)
    return found && found !== 'lost' ? renewed(secret, found) : found
  }
  const watch = createSessionWatch({ liveAmong: store.liveAmong, log })
  const sessions = cacheSessions({
    ...{ load, sql, now, log },
    ...{ onRevoked: watch.revoked, onChanged: watch.changed, onMissed: watch.missed },
  })
  const ending = endedHereAtOnce(store, sessions)
  const attempts = createLoginAttempts({ sql, vault, now, without })
  const programs = createPrograms({
    ...{ ...deps, ...config.provider, publicOrigin, keys, stepUpMs: session.stepUpMs },
    introspect: provider.introspect,
    nonceKey: (config.provider.dpopNonce && session.keys[0]?.key) || null,
  })
  const { secretOf, scopesOf } = readingScopes(cookies, sessions)
  const sessionSeconds = Math.floor(session.absoluteMs / 1_000)
  return {
    ...{ sessions, watch, programs },
    scopesOf: async (request: Request) => {
      const secret = secretOf(request)
      return secret ? scopesOf(secret) : null
    },
    tools: adminTools({
      ...{ publicOrigin, sessionSeconds, cookies, vault, now, secretOf, scopesOf },
      origins: config.adminToolOrigins,
      productName: config.web.productName,
      tickets: proofsIn(sql, now),
    }),
    identity: both(
      identity({
        ...{ cookies, without, presented: programs.presented },
        ...{ findSession: sessions.find, forgetSession: sessions.readAnew },
      }),
      whileSignedIn(watch.watch),
    ),
    providerLogout: createProviderLogout({
      ...{ ...config.provider, keys, sessions: store, log, now, without },
    }),
    oidc: createOidc({
      ...{ provider, attempts, cookies, publicOrigin, log, now, without },
      sessions: ending,
      findSession: sessions.find,
      sessionSeconds,
      stepUpSeconds: Math.floor(session.stepUpMs / 1_000),
      placeOf: placesFrom(session.placesFile),
      seen: signIns(metrics),
    }),
    pages: createSessionPages({
      ...{ provider, cookies, log, sessions: ending, findSession: sessions.find },
      providerKind: config.provider.kind,
    }),
  }
}

/** What a browser's session may do, asked without the stages of a request. */
const readingScopes = (cookies: Cookies, sessions: SessionCache) => ({
  secretOf: (request: Request) => {
    const secret = cookies.read(request, 'session')
    return isSecret(secret) ? secret : null
  },
  scopesOf: async (secret: string) => {
    const found = await sessions.find(secret)
    return found && found !== 'lost' ? viewerOf(found).scopes : null
  },
})

/** Whoever ends a session need not wait for the word of it to come back. */
const endedHereAtOnce = (store: SessionStore, cache: SessionCache): SessionStore => ({
  ...store,
  end: async (secret, because) => {
    const tokens = await store.end(secret, because)
    cache.forget(secret)
    return tokens
  },
})

const both =
  (first: Stage, second: Stage): Stage =>
  (exchange, next) =>
    first(exchange, () => second(exchange, next))

const signIns = (metrics: Metrics) => {
  const count = metrics.counter({
    name: 'sign_ins_total',
    help: 'Sign-ins that came back from the provider, by what became of them.',
    labels: ['outcome'],
  })
  return (outcome: string) => count({ outcome })
}

const renewals = (metrics: Metrics) => {
  const count = metrics.counter({
    name: 'session_renewals_total',
    help: 'Times that the provider was asked about a session, by what it said.',
    labels: ['outcome'],
  })
  return (outcome: string) => count({ outcome })
}
