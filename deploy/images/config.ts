import { z } from 'zod'
import { parseConfig } from '#kit/config'

const Env = z
  .object({ REGISTRY_USER: z.string().optional(), REGISTRY_PASSWORD: z.string().optional() })
  .transform(({ REGISTRY_USER: user, REGISTRY_PASSWORD: password }) =>
    user && password ? { user, password } : null,
  )

/** Who we are for a registry; null for whoever may only read. */
export const credentialsFrom = (env: Record<string, string | undefined>) => parseConfig(Env, env)
