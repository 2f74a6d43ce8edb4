import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { parseConfig } from '#kit/config'

const Env = z
  .object({ XDG_CACHE_HOME: z.string().optional() })
  .transform((env) => ({ folder: join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'plexus') }))

/** Where what is fetched once stays for every checkout of this person. */
export const cacheConfigFrom = (env: Record<string, string | undefined>) => parseConfig(Env, env)
