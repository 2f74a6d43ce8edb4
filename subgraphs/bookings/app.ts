import { newestMigration } from '#kit/newest-migration' with { type: 'macro' }
import type { Surroundings } from '#kit/run'
import type { Service } from '#kit/service'
import { createSubgraphService, type DatabaseOptions, poolOf } from '#kit/subgraph-service'
import { liveBookings } from './booking/live.ts'
import { startHoldSweep } from './booking/sweep.ts'
import type { Config } from './config.ts'
import { contextOf, type Ports } from './context.ts'
import { consumePayments } from './payment/arrival.ts'
import { schema } from './schema.ts'
import { consumePrices } from './service/price.ts'
import { createSlotTokens } from './slot/token.ts'

type Options = Surroundings &
  DatabaseOptions & {
    readonly config: Config
  }

/** What coaches offer, when they are free, and who has booked it. */
export function createBookings(options: Options): Service {
  const { config, log, now } = options
  const live = liveBookings(log)
  const ports: Ports = {
    live,
    slotTokens: createSlotTokens(config.slotToken),
    holdMs: config.holdMs,
    holdsPerClientMax: config.holdsPerClientMax,
  }
  return createSubgraphService({
    ...options,
    name: 'bookings',
    migrations: newestMigration('subgraphs/bookings/migrations'),
    schema,
    extend: (base) => contextOf(base, ports),
    live,
    sql: poolOf('bookings', config, options),
    parts: ({ sql, bus }) => [
      consumePrices({ sql, bus, log }),
      consumePayments({ sql, bus, log, now }),
      startHoldSweep({ sql, log, now, everyMs: config.holdSweepMs }),
    ],
  })
}
