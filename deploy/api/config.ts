import { z } from 'zod'
import { parseConfig } from '#kit/config'

const Env = z
  .object({ PLEXUS_API: z.string('is set by `bun deploy/api.ts -- …`') })
  .transform((env) => ({
    /** Where the API server that runs keeps its address and its credentials. */
    folder: env.PLEXUS_API,
  }))

export const apiConfigFrom = (env: Record<string, string | undefined>) => parseConfig(Env, env)
