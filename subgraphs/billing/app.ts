import { newestMigration } from '#kit/newest-migration' with { type: 'macro' }
import { database, systemContext } from '#kit/postgres'
import type { Surroundings } from '#kit/run'
import type { Service } from '#kit/service'
import { createSubgraphService, type DatabaseOptions, poolOf } from '#kit/subgraph-service'
import { startWorker } from '#kit/worker'
import type { Config } from './config.ts'
import { contextOf, type Ports } from './context.ts'
import { checkNext } from './payment/check.ts'
import { stripeProvider } from './payment/provider.stripe.ts'
import type { PaymentProvider } from './payment/provider.ts'
import { sendNext } from './refund/send.ts'
import { consumeBookings } from './reservation/arrival.ts'
import { schema } from './schema.ts'
import { consumeServices } from './service/arrival.ts'
import { webhookEndpoint, webhookPath } from './webhook/receive.ts'

type Options = Surroundings &
  DatabaseOptions & { readonly config: Config; readonly provider?: PaymentProvider }

/** What things cost, who has paid, and what goes back. */
export function createBilling(options: Options): Service {
  const { config, log, now, provider = stripeProvider({ ...config.stripe, now }) } = options
  const pool = poolOf('billing', config, options)
  const ports: Ports = {
    ...{ provider, log, now },
    system: database(pool, systemContext),
    publicOrigin: config.publicOrigin,
    bookingWaitMs: config.bookingWaitMs,
  }
  const worker = (name: string, next: (ports: Ports) => Promise<boolean>) =>
    startWorker({
      ...{ log, everyMs: config.workMs, work: () => next(ports) },
      trouble: `${name} cannot go on yet; trying again`,
    })
  const graph = createSubgraphService({
    ...options,
    name: 'billing',
    migrations: newestMigration('subgraphs/billing/migrations'),
    schema,
    extend: (base) => contextOf(base, ports),
    sql: pool,
    parts: ({ sql, bus }) => [
      consumeServices({ sql, bus, log }),
      consumeBookings({ sql, bus, log, now }),
      worker('Checks of payments', checkNext),
      worker('Sending of refunds', sendNext),
    ],
  })
  const takeWebhook = webhookEndpoint(ports)
  return {
    ...graph,
    fetch: (request) =>
      new URL(request.url).pathname === webhookPath ? takeWebhook(request) : graph.fetch(request),
  }
}
