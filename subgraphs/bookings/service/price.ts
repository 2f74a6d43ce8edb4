import { z } from 'zod'
import type { Bus } from '#kit/bus'
import { consume } from '#kit/inbox'
import type { Log } from '#kit/log'
import type { Pool, Sql } from '#kit/postgres'
import { lineUp } from '../session/queries.ts'
import { keepPrice, servicesByIds } from './queries.ts'

/** What `billing` tells of a price; no amount, or none worth the name: free. */
const PriceChanged = z
  .object({
    serviceId: z.uuid(),
    amount: z.int().nonnegative().nullable(),
    currency: z.string().nullable(),
    version: z.int(),
  })
  .transform(({ amount, currency, ...rest }) => ({
    ...rest,
    ...(amount && currency ? { amount, currency } : { amount: null, currency: null }),
  }))

/** Nobody holds a slot under a price that is changing, and every slot token of the old one ends. */
async function keep(sql: Sql, payload: unknown) {
  const price = PriceChanged.parse(payload)
  const [service] = await servicesByIds(sql, [price.serviceId])
  if (!service) throw new Error(`Service ${price.serviceId} has a price and is not known.`)
  await lineUp(sql, service)
  await keepPrice(sql, price)
}

type Deps = { sql: Pool; bus: Bus; log: Log }

/** Keeps what services cost, as billing tells it. */
export const consumePrices = (deps: Deps) =>
  consume({
    ...deps,
    consumer: 'bookings.price',
    topics: ['billing.price-changed'],
    handle: (tx, { payload }) => keep(tx, payload),
  })
