import { z } from 'zod'
import {
  count,
  flag,
  httpUrl,
  keyRing,
  list,
  logLevel,
  milliseconds,
  parseConfig,
  port,
  privateJwk,
  secret,
  secureUrl,
} from '#kit/config'
import { databaseEnv, databaseSettings } from '#kit/database-config'
import { drainNotice } from '#kit/service'
import { subgraphs } from '#schema/subgraphs'
import { engineNames } from './engine/engines.ts'
import { keptEnv, keptSettings } from './kept-config.ts'
import {
  costSettings,
  overloadEnv,
  overloadSettings,
  policyEnv,
  quotaEnv,
  quotaSettings,
} from './policy-config.ts'
import { transportEnv, transportSettings } from './transport-config.ts'

const hourMs = 3_600_000
const heartbeatMsMax = 60_000

const origin = secureUrl
  .refine((text) => URL.parse(text)?.pathname === '/', 'must be an origin without a path')
  .transform((text) => URL.parse(text)?.origin ?? '')

const urlEntry = /^([a-z][a-z0-9-]*)=(https?:\/\/.+)$/

/** `users=http://users:4001/graphql,…`; one that is not named answers on its own port here. */
const subgraphUrls = list([])
  .refine((entries) => entries.every((entry) => urlEntry.test(entry)), 'must be name=url,name=url')
  .transform((entries) => {
    const given = new Map(
      entries.map((entry) => {
        const [, name = '', url = ''] = urlEntry.exec(entry) ?? []
        return [name, url] as const
      }),
    )
    return subgraphs.map(({ name, port }) => ({
      name,
      url: given.get(name) ?? `http://127.0.0.1:${port}/graphql`,
    }))
  })

const Env = z
  .object({
    GATEWAY_PORT: port(3000).refine(
      (value) => value > 0,
      'must be a port between 1 and 65535: PUBLIC_ORIGIN cannot name one that nobody knows yet',
    ),
    GATEWAY_HOST: z.string().default('127.0.0.1'),
    GATEWAY_METRICS_PORT: port(9100),
    LOG_LEVEL: logLevel,
    OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),

    PUBLIC_ORIGIN: origin.default('http://localhost:3000'),
    ALLOWED_ORIGINS: list([]).pipe(z.array(origin)),
    // Hosts whose proxy asks /auth/forward before it lets anybody in.
    ADMIN_TOOL_ORIGINS: list([]).pipe(z.array(origin)),
    COOKIE_PREFIX: z.enum(['__Host-', 'none'], 'must be __Host- or none').default('__Host-'),
    BODY_BYTES_MAX: count(1_048_576),
    DEADLINE_MS: milliseconds(10_000),
    HEARTBEAT_MS: milliseconds(15_000).refine(
      (value) => value <= heartbeatMsMax,
      `must be at most ${heartbeatMsMax}: proxies cut a line that is silent for longer`,
    ),
    STREAMS_PER_CALLER_MAX: count(20),
    STREAM_MAX_AGE_MS: milliseconds(hourMs),
    INSTANCE_URL: httpUrl.optional(),
    DRAIN_NOTICE_MS: drainNotice,
    TRUSTED_PROXIES: z.coerce.number('must be a number').int().min(0).max(8).default(0),

    ...databaseEnv,
    SESSION_KEYS: keyRing,
    SESSION_IDLE_MS: milliseconds(8 * hourMs),
    SESSION_ABSOLUTE_MS: milliseconds(12 * hourMs),
    STEP_UP_SECONDS: count(900),
    MMDB_FILE: z.string().optional(),

    OIDC_ISSUER: secureUrl,
    OIDC_CLIENT_ID: z.string().default('plexus-web'),
    OIDC_CLIENT_SECRET: secret(16),
    OIDC_SCOPE: z.string().default('openid profile email'),
    OIDC_PROVIDER_KIND: z
      .enum(['embedded', 'external'], 'must be embedded or external')
      .default('embedded'),
    OIDC_LABEL: z.string().default('Plexus'),
    BEARER_AUDIENCE: z.string().default('plexus-api'),
    INTROSPECTION: flag(false),
    DPOP_NONCE: flag(false),

    IDENTITY_PRIVATE_JWK: privateJwk,
    SUBGRAPH_URLS: subgraphUrls,
    ...transportEnv,
    ...policyEnv,
    ...keptEnv,
    ...quotaEnv,
    ...overloadEnv,
    CLIENT_SHARING: flag(false),
    ENGINE: z.enum(engineNames, `must be ${engineNames.join(' or ')}`).default('compiled'),
    SUPERGRAPH_FILE: z.string().default('schema/supergraph.graphql'),
    SUPERGRAPH_POLL_MS: milliseconds(2_000),
    OPERATIONS_FILE: z.string().default('schema/operations.json'),
    PROVEN_FILE: z.string().default('schema/proven.txt'),
    EXPLORE_FROM_LOCALHOST: flag(false),
    WEB_FOLDER: z.string().default('dist/web'),
    PRODUCT_NAME: z.string().default('Plexus'),
    DEFAULT_LOCALE: z.enum(['fr', 'en'], 'must be fr or en').default('fr'),
  })
  .superRefine((env, context) => {
    const { protocol, hostname } = new URL(env.PUBLIC_ORIGIN)
    if (protocol === 'http:' && hostname === 'localhost') return
    const refuse = (variable: string, value: string) =>
      context.addIssue({
        code: 'custom',
        path: [variable],
        message: `${value} is accepted only while PUBLIC_ORIGIN is http://localhost`,
      })
    if (env.COOKIE_PREFIX === 'none') refuse('COOKIE_PREFIX', 'none')
    // Behind a proxy on the same machine everybody comes from there.
    if (env.EXPLORE_FROM_LOCALHOST) refuse('EXPLORE_FROM_LOCALHOST', 'true')
  })
  .transform((env) => ({
    port: env.GATEWAY_PORT,
    hostname: env.GATEWAY_HOST,
    metricsPort: env.GATEWAY_METRICS_PORT,
    logLevel: env.LOG_LEVEL,
    traceEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    publicOrigin: env.PUBLIC_ORIGIN,
    allowedOrigins: env.ALLOWED_ORIGINS,
    adminToolOrigins: env.ADMIN_TOOL_ORIGINS,
    cookiePrefix: env.COOKIE_PREFIX === 'none' ? ('' as const) : env.COOKIE_PREFIX,
    trustedProxies: env.TRUSTED_PROXIES,
    noticeMs: env.DRAIN_NOTICE_MS,
    limits: {
      bodyBytesMax: env.BODY_BYTES_MAX,
      // The server cuts off what is far beyond; what is a little too long gets an answer that says
      // so.
      transferBytesMax: env.BODY_BYTES_MAX * 16,
      deadlineMs: env.DEADLINE_MS,
    },
    streams: {
      heartbeatMs: env.HEARTBEAT_MS,
      perCallerMax: env.STREAMS_PER_CALLER_MAX,
      maxAgeMs: env.STREAM_MAX_AGE_MS,
    },
    /** Where the other instances reach this one. */
    instanceUrl: env.INSTANCE_URL ?? null,
    database: databaseSettings(env),
    session: {
      keys: env.SESSION_KEYS,
      idleMs: env.SESSION_IDLE_MS,
      absoluteMs: env.SESSION_ABSOLUTE_MS,
      stepUpMs: env.STEP_UP_SECONDS * 1_000,
      placesFile: env.MMDB_FILE ?? null,
    },
    provider: {
      issuer: env.OIDC_ISSUER,
      clientId: env.OIDC_CLIENT_ID,
      clientSecret: env.OIDC_CLIENT_SECRET,
      scope: env.OIDC_SCOPE,
      kind: env.OIDC_PROVIDER_KIND,
      label: env.OIDC_LABEL,
      audience: env.BEARER_AUDIENCE,
      introspection: env.INTROSPECTION,
      dpopNonce: env.DPOP_NONCE,
    },
    identityPrivateJwk: env.IDENTITY_PRIVATE_JWK,
    subgraphs: env.SUBGRAPH_URLS,
    transport: transportSettings(env),
    cost: costSettings(env),
    ...keptSettings(env),
    quota: quotaSettings(env),
    overload: overloadSettings(env),
    unauthorized: env.UNAUTHORIZED,
    engine: env.ENGINE,
    clientSharing: env.CLIENT_SHARING,
    supergraphFile: env.SUPERGRAPH_FILE,
    pollMs: env.SUPERGRAPH_POLL_MS,
    operationsFile: env.OPERATIONS_FILE,
    /** What the build of the release has proven of the two, where it has. */
    provenFile: env.PROVEN_FILE,
    exploreFromLocalhost: env.EXPLORE_FROM_LOCALHOST,
    web: {
      folder: env.WEB_FOLDER,
      productName: env.PRODUCT_NAME,
      defaultLocale: env.DEFAULT_LOCALE,
    },
  }))

/** What the gateway runs with. Past this file nothing reads the environment. */
export type Config = z.output<typeof Env>

/** Throws ConfigError naming every bad variable at once. */
export const configFrom = (env: Record<string, string | undefined>): Config => parseConfig(Env, env)
