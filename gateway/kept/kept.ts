import type { Bus } from '#kit/bus'
import type { Log } from '#kit/log'
import type { Metrics } from '#kit/metrics'
import { identityOf } from '../client-sharing.ts'
import type { Answering } from '../engine/answer.ts'
import type { Exchange, Stage } from '../exchange.ts'
import type { RedisCommands } from '../redis.ts'
import { keptAnswering } from './answers.ts'
import { createEntities } from './entities.ts'
import { followChanges } from './follow.ts'
import { createFront, type FrontDeps } from './front.ts'
import { createKeeping } from './keeping.ts'
import { askerOf } from './key.ts'
import { observedKept } from './observed.ts'
import { createMemoryStore } from './store.memory.ts'
import { createRedisStore } from './store.redis.ts'
import { createTiers } from './tiers.ts'
import { followedFields } from './topics.ts'

export type Kept = {
  /** The same answers, each given as it was kept where that is as good. */
  answering(answering: Answering): Answering
  /** The very cheap way; right after identity. */
  readonly front: Stage
  start(): Promise<void>
  stop(): Promise<void>
}

export type KeptDeps = Pick<FrontDeps, 'isServed' | 'served' | 'ran' | 'quota'> & {
  /** Null where nobody tells of changes: then nothing is told of them, and all goes by its age. */
  readonly openBus: (() => Promise<Bus>) | null
  readonly redis: RedisCommands | null
  readonly bytesMax: number
  readonly deadlineMs: number
  /** How often the bus is asked whether it is there. */
  readonly beatMs?: number
  readonly log: Log
  readonly metrics: Metrics
  readonly now: () => Date
  /** In the place of our own; only tests have one. */
  readonly identityOf?: (exchange: Exchange) => string
}

const entriesMax = 50_000
/** Whole pages have a quarter of the memory; what they were made of has the rest. */
const pagesPart = 0.25

/** Answers and pages that are kept, and what ends them. */
export function createKept(deps: KeptDeps): Kept {
  const { openBus, redis, bytesMax, deadlineMs, log, metrics } = deps
  const nowMs = () => deps.now().getTime()
  const memory = createMemoryStore({ entriesMax, bytesMax: bytesMax * (1 - pagesPart), nowMs })
  const shared = redis && createRedisStore(redis, { nowMs })
  const tiers = createTiers({ memory, shared, log, nowMs })
  const observer = observedKept(metrics, memory.held)
  const followed = openBus
    ? followChanges({
        ...{ openBus, log, nowMs },
        ...(deps.beatMs && { beatMs: deps.beatMs }),
        drop: (tags) => keeping.drop(tags),
        clear: () => keeping.clear(),
      })
    : null
  const isDeaf = () => followed?.isDeaf() ?? false
  const keeping = createKeeping({
    ...{ tiers, observer, isDeaf, deadlineMs, nowMs },
    followed: followedFields,
  })
  const entitiesFor = createEntities({
    ...{ memory, observer, isDeaf, nowMs },
    followed: followedFields,
  })
  const asker = askerOf({ identityOf: deps.identityOf ?? identityOf() })
  return {
    answering: (answering) => keptAnswering(answering, { keeping, entitiesFor, askerOf: asker }),
    front: createFront({
      ...{ memory, isDeaf, observer, metrics, nowMs },
      ...{ isServed: deps.isServed, served: deps.served, ran: deps.ran, quota: deps.quota },
      bytesMax: bytesMax * pagesPart,
    }),
    start: async () => followed?.start(),
    stop: async () => followed?.stop(),
  }
}
