import { join, resolve } from 'node:path'
import { z } from 'zod'
import { httpUrl, logLevel, parseConfig, port } from '#kit/config'

const Env = z
  .object({
    GATEWAY_PORT: port(3000),
    PROVIDER_PORT: port(3001),
    POSTGRES_PORT: port(5433),
    METRICS_PORT: port(9100),
    PLEXUS_DATA: z.string().default(join(import.meta.dir, '..', '.plexus')),
    LOG_LEVEL: logLevel,
    OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
    // Users and gateway say what these may be.
    SMTP_URL: z.string().optional(),
    COOKIE_PREFIX: z.string().optional(),
  })
  .transform((env) => ({
    gatewayPort: env.GATEWAY_PORT,
    providerPort: env.PROVIDER_PORT,
    postgresPort: env.POSTGRES_PORT,
    metricsPort: env.METRICS_PORT,
    dataDir: resolve(env.PLEXUS_DATA),
    logLevel: env.LOG_LEVEL,
    traceEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    smtpUrl: env.SMTP_URL ?? null,
    cookiePrefix: env.COOKIE_PREFIX ?? null,
  }))

/** What `up` can be told through the environment; everything has a default on a laptop. */
export type StackConfig = z.output<typeof Env>

/** Throws ConfigError that names every bad variable at once. */
export const stackConfigFrom = (env: Record<string, string | undefined>): StackConfig =>
  parseConfig(Env, env)
