import { z } from 'zod'
import { count, flag, milliseconds } from '#kit/config'
import { defaultSettings, type TransportSettings } from './engine/transport/settings.ts'

const { answerBytesMax, concurrencyMax, sharing, retriesMax } = defaultSettings

/** How subgraphs are asked, in the environment of every gateway. */
export const transportEnv = {
  SUBGRAPH_ANSWER_BYTES_MAX: count(answerBytesMax),
  SUBGRAPH_CONCURRENCY_MAX: count(concurrencyMax),
  SUBGRAPH_SHARING: flag(sharing),
  SUBGRAPH_RETRIES_MAX: z.coerce
    .number('must be a number')
    .int()
    .min(0)
    .max(10)
    .default(retriesMax),
  SUBGRAPH_HEDGE_MS: milliseconds(1).unwrap().optional(),
  SUBGRAPH_BREAKER: flag(true),
}

type TransportEnv = z.output<z.ZodObject<typeof transportEnv>>

export const transportSettings = (env: TransportEnv): TransportSettings => ({
  ...defaultSettings,
  answerBytesMax: env.SUBGRAPH_ANSWER_BYTES_MAX,
  concurrencyMax: env.SUBGRAPH_CONCURRENCY_MAX,
  queueMax: env.SUBGRAPH_CONCURRENCY_MAX * 10,
  sharing: env.SUBGRAPH_SHARING,
  retriesMax: env.SUBGRAPH_RETRIES_MAX,
  hedgeMs: env.SUBGRAPH_HEDGE_MS ?? null,
  breaker: env.SUBGRAPH_BREAKER ? defaultSettings.breaker : null,
})
