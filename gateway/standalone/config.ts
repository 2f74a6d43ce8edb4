import { z } from 'zod'
import {
  count,
  flag,
  httpUrl,
  list,
  logLevel,
  milliseconds,
  parseConfig,
  port,
  secretKey,
} from '#kit/config'
import { drainNotice } from '#kit/service'
import { engineNames } from '../engine/engines.ts'
import { costSettings, openPolicyEnv } from '../policy-config.ts'
import { transportEnv, transportSettings } from '../transport-config.ts'
import { withFlags } from './flags.ts'

const hourMs = 3_600_000

const urlEntry = /^([^=,\s]+)=(https?:\/\/\S+)$/

/** `users=http://users:4001/graphql,…`: any name that the supergraph has. */
const subgraphUrls = list([])
  .refine((entries) => entries.every((entry) => urlEntry.test(entry)), 'must be name=url,name=url')
  .transform(
    (entries) =>
      new Map(
        entries.map((entry) => {
          const [, name = '', url = ''] = urlEntry.exec(entry) ?? []
          return [name, url] as const
        }),
      ),
  )

const Env = z
  .object({
    SUPERGRAPH_FILE: z.string(),
    SUBGRAPH_URLS: subgraphUrls,
    SUPERGRAPH_POLL_MS: milliseconds(1_000),
    OPERATIONS_FILE: z.string().optional(),

    GATEWAY_PORT: port(4000),
    GATEWAY_HOST: z.string().default('127.0.0.1'),
    GATEWAY_METRICS_PORT: port(0).unwrap().optional(),
    LOG_LEVEL: logLevel,
    OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),

    CLIENT_SHARING: flag(false),
    ENGINE: z.enum(engineNames, `must be ${engineNames.join(' or ')}`).default('compiled'),
    INTROSPECTION: flag(true),
    GRAPHIQL: flag(false),
    FORWARD_HEADERS: list([]),
    ...transportEnv,
    ...openPolicyEnv,
    ALLOWED_ORIGINS: list([]),
    BODY_BYTES_MAX: count(1_048_576),
    DEADLINE_MS: milliseconds(30_000),
    HEARTBEAT_MS: milliseconds(15_000),
    STREAMS_PER_CALLER_MAX: count(1_000),
    STREAM_MAX_AGE_MS: milliseconds(hourMs),
    STREAM_KEY: secretKey(32).optional(),
    DRAIN_NOTICE_MS: drainNotice,

    BEARER_JWKS_URL: httpUrl.optional(),
    BEARER_ISSUER: z.string().optional(),
    BEARER_AUDIENCE: z.string().optional(),
  })
  .superRefine((env, context) => {
    const names = ['BEARER_JWKS_URL', 'BEARER_ISSUER', 'BEARER_AUDIENCE'] as const
    const given = names.filter((name) => env[name] !== undefined)
    if (given.length === 0 || given.length === names.length) return
    for (const name of names.filter((one) => env[one] === undefined))
      context.addIssue({ code: 'custom', path: [name], message: `is required with ${given[0]}` })
  })
  .transform((env) => ({
    supergraphFile: env.SUPERGRAPH_FILE,
    subgraphUrls: env.SUBGRAPH_URLS,
    pollMs: env.SUPERGRAPH_POLL_MS,
    operationsFile: env.OPERATIONS_FILE ?? null,
    port: env.GATEWAY_PORT,
    hostname: env.GATEWAY_HOST,
    metricsPort: env.GATEWAY_METRICS_PORT ?? null,
    logLevel: env.LOG_LEVEL,
    traceEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    engine: env.ENGINE,
    clientSharing: env.CLIENT_SHARING,
    introspection: env.INTROSPECTION,
    graphiql: env.GRAPHIQL,
    forwardHeaders: env.FORWARD_HEADERS,
    transport: transportSettings(env),
    cost: costSettings(env),
    unauthorized: env.UNAUTHORIZED,
    allowedOrigins: env.ALLOWED_ORIGINS,
    limits: { bodyBytesMax: env.BODY_BYTES_MAX, deadlineMs: env.DEADLINE_MS },
    streams: {
      heartbeatMs: env.HEARTBEAT_MS,
      perCallerMax: env.STREAMS_PER_CALLER_MAX,
      maxAgeMs: env.STREAM_MAX_AGE_MS,
      /** Without one a stream is resumed by nobody but the process that began it. */
      key: env.STREAM_KEY ?? crypto.getRandomValues(new Uint8Array(32)),
    },
    noticeMs: env.DRAIN_NOTICE_MS,
    /** Null while nobody can sign in: then every field with a rule is denied to everybody. */
    bearer:
      env.BEARER_JWKS_URL && env.BEARER_ISSUER && env.BEARER_AUDIENCE
        ? {
            jwksUrl: env.BEARER_JWKS_URL,
            issuer: env.BEARER_ISSUER,
            audience: env.BEARER_AUDIENCE,
          }
        : null,
  }))

/** What a stand-alone gateway runs with. */
export type StandaloneConfig = z.output<typeof Env>

/** Throws ConfigError naming every bad variable at once, or UsageError. */
export const configFrom = (
  env: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
): StandaloneConfig => parseConfig(Env, withFlags(env, args))
