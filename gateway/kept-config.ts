import { z } from 'zod'

const redisUrl = z.url({
  protocol: /^(redis|rediss|valkey|valkeys)$/,
  error: 'must be an address like redis://localhost:6379',
})

/** What instances share beside the database, and how much each keeps of answers. */
export const keptEnv = {
  REDIS_URL: redisUrl.optional(),
  KEPT_BYTES_MAX: z.coerce
    .number('must be a number of bytes')
    .int()
    .min(0)
    .default(64 * 1_048_576),
}

type KeptEnv = z.output<z.ZodObject<typeof keptEnv>>

/** The same settings by the names that the code uses; 0 bytes keep nothing. */
export const keptSettings = (env: KeptEnv) => ({
  redisUrl: env.REDIS_URL ?? null,
  keptBytesMax: env.KEPT_BYTES_MAX,
})
