import { join, resolve } from 'node:path'
import { z } from 'zod'
import { httpUrl, logLevel, parseConfig, port } from '#kit/config'
import type { StripeAccount } from './environment.ts'

const Env = z
  .object({
    GATEWAY_PORT: port(3000),
    PROVIDER_PORT: port(3001),
    POSTGRES_PORT: port(5433),
    METRICS_PORT: port(9100),
    STRIPE_SANDBOX_PORT: port(3002),
    IDENTITY: z.enum(['embedded', 'keycloak'], 'must be embedded or keycloak').default('embedded'),
    PLEXUS_DATA: z.string().default(join(import.meta.dir, '..', '.plexus')),
    LOG_LEVEL: logLevel,
    OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
    // With a key the real Stripe takes payments; its events are signed with the other one.
    STRIPE_SECRET_KEY: z.string().optional(),
    STRIPE_WEBHOOK_SECRET: z.string().optional(),
    // With both, Keycloak offers to sign in with Google.
    GOOGLE_CLIENT_ID: z.string().optional(),
    GOOGLE_CLIENT_SECRET: z.string().optional(),
    // Users and gateway say what these may be.
    SMTP_URL: z.string().optional(),
    COOKIE_PREFIX: z.string().optional(),
  })
  .refine((env) => !env.STRIPE_SECRET_KEY || env.STRIPE_WEBHOOK_SECRET, {
    path: ['STRIPE_WEBHOOK_SECRET'],
  })
  .transform((env) => ({
    gatewayPort: env.GATEWAY_PORT,
    providerPort: env.PROVIDER_PORT,
    postgresPort: env.POSTGRES_PORT,
    metricsPort: env.METRICS_PORT,
    stripeSandboxPort: env.STRIPE_SANDBOX_PORT,
    stripe: stripeOf(env),
    identity: env.IDENTITY,
    google: googleOf(env),
    dataDir: resolve(env.PLEXUS_DATA),
    logLevel: env.LOG_LEVEL,
    traceEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    smtpUrl: env.SMTP_URL ?? null,
    cookiePrefix: env.COOKIE_PREFIX ?? null,
  }))

/** Null: the sandbox takes payments. */
function stripeOf(env: {
  STRIPE_SECRET_KEY?: string | undefined
  STRIPE_WEBHOOK_SECRET?: string | undefined
}): StripeAccount | null {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecret } = env
  return secretKey && webhookSecret ? { secretKey, webhookSecret, apiUrl: null } : null
}

function googleOf(env: {
  GOOGLE_CLIENT_ID?: string | undefined
  GOOGLE_CLIENT_SECRET?: string | undefined
}) {
  const { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret } = env
  return clientId && clientSecret ? { clientId, clientSecret } : null
}

/** What `up` can be told through the environment; everything has a default on a laptop. */
export type StackConfig = z.output<typeof Env>

/** Throws ConfigError that names every bad variable at once. */
export const stackConfigFrom = (env: Record<string, string | undefined>): StackConfig =>
  parseConfig(Env, env)
