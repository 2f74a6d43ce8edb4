import { z } from 'zod'
import { parseConfig } from '#kit/config'
import { serviceEnv, serviceSettings } from '#kit/service'

const Env = z.object(serviceEnv({ port: 4001, metricsPort: 9101 })).transform(serviceSettings)

export type Config = z.output<typeof Env>

/** Throws ConfigError that names every bad variable at once. */
export const configFrom = (env: Record<string, string | undefined>): Config => parseConfig(Env, env)
