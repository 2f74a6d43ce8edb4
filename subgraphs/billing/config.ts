import { z } from 'zod'
import { httpUrl, milliseconds, parseConfig, secret, secureUrl } from '#kit/config'
import { serviceEnv, serviceSettings } from '#kit/service'

const Env = z
  .object({
    ...serviceEnv({ port: 4003, metricsPort: 9103 }),
    /** Where people come back to from the provider's page. */
    PUBLIC_ORIGIN: secureUrl,
    STRIPE_SECRET_KEY: secret(8),
    STRIPE_WEBHOOK_SECRET: secret(8),
    /** Only where Stripe is not the real one. */
    STRIPE_API_URL: httpUrl.optional(),
    BOOKING_WAIT_MS: milliseconds(2_000),
    WORK_MS: milliseconds(1_000),
  })
  .transform((env) => ({
    ...serviceSettings(env),
    publicOrigin: new URL(env.PUBLIC_ORIGIN).origin,
    stripe: {
      secretKey: env.STRIPE_SECRET_KEY,
      webhookSecret: env.STRIPE_WEBHOOK_SECRET,
      apiUrl: env.STRIPE_API_URL ?? null,
    },
    bookingWaitMs: env.BOOKING_WAIT_MS,
    workMs: env.WORK_MS,
  }))

export type Config = z.output<typeof Env>

/** Throws ConfigError that names every bad variable at once. */
export const configFrom = (env: Record<string, string | undefined>): Config => parseConfig(Env, env)
