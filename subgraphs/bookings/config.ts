import { z } from 'zod'
import { count, parseConfig, secret } from '#kit/config'
import { serviceEnv, serviceSettings } from '#kit/service'

const Env = z
  .object({
    ...serviceEnv({ port: 4002, metricsPort: 9102 }),
    SLOT_TOKEN_SECRET: secret(32),
    SLOT_TOKEN_MINUTES: count(15),
    HOLD_MINUTES: count(10),
    HOLDS_PER_CLIENT_MAX: count(3),
    HOLD_SWEEP_SECONDS: count(30),
  })
  .transform((env) => ({
    ...serviceSettings(env),
    slotToken: { secret: env.SLOT_TOKEN_SECRET, lifetimeMs: env.SLOT_TOKEN_MINUTES * 60_000 },
    holdMs: env.HOLD_MINUTES * 60_000,
    holdsPerClientMax: env.HOLDS_PER_CLIENT_MAX,
    holdSweepMs: env.HOLD_SWEEP_SECONDS * 1_000,
  }))

export type Config = z.output<typeof Env>

/** Throws ConfigError that names every bad variable at once. */
export const configFrom = (env: Record<string, string | undefined>): Config => parseConfig(Env, env)
