import { createEmbeddedBus } from '#kit/bus.embedded'
import type { Log } from '#kit/log'
import type { Metrics } from '#kit/metrics'
import type { Config } from '../config.ts'
import type { Registered } from '../exchange.ts'
import type { Registry } from '../operations/registry.ts'
import type { RedisCommands } from '../redis.ts'
import type { FrontDeps } from './front.ts'
import { createKept, type Kept } from './kept.ts'

type WiredDeps = Pick<FrontDeps, 'served' | 'ran' | 'quota'> & {
  readonly config: Config
  readonly registry: Pick<Registry, 'byHash'>
  readonly redis: RedisCommands | null
  readonly log: Log
  readonly metrics: Metrics
  readonly now: () => Date
}

/** What the gateway keeps, as it is configured; undefined where it keeps nothing. */
export function keptBy(deps: WiredDeps): Kept | undefined {
  const { config, registry, log, now } = deps
  const { keptBytesMax, limits, database } = config
  if (keptBytesMax === 0) return undefined
  const { url, tls, direct } = database
  return createKept({
    ...deps,
    openBus: () => createEmbeddedBus({ url, tls, direct, service: 'gateway', log }),
    isServed: ({ hash, client }: Registered) => {
      const operation = registry.byHash(hash, [client])
      if (!operation) return false
      return operation.retiredAt === null || operation.retiredAt > now()
    },
    ...{ bytesMax: keptBytesMax, deadlineMs: limits.deadlineMs },
  })
}
