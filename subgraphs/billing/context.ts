import type { SubgraphContext } from '#kit/builder'
import { loadBy } from '#kit/loader'
import type { Log } from '#kit/log'
import type { Database } from '#kit/postgres'
import type { PaymentProvider } from './payment/provider.ts'
import { type PaymentRow, paymentsOfBookings } from './payment/queries.ts'
import { type PriceRow, pricesOf } from './price/queries.ts'

/** What the room needs from outside, and its limits. */
export type Ports = {
  readonly provider: PaymentProvider
  /** The database as the room itself sees it: what the provider tells is written by nobody else. */
  readonly system: Database
  readonly log: Log
  readonly now: () => Date
  readonly publicOrigin: string
  /** How long a caller waits for what bookings has told and this room is about to hear. */
  readonly bookingWaitMs: number
}

/** What a resolver of this room may use. */
export type Context = SubgraphContext & Ports & ReturnType<typeof loadersOf>

const loadersOf = ({ db }: SubgraphContext) => ({
  priceOf: loadBy(
    ({ serviceId }: PriceRow) => serviceId,
    (serviceIds) => db.read((sql) => pricesOf(sql, serviceIds)),
  ),
  paymentOfBooking: loadBy(
    ({ bookingId }: PaymentRow) => bookingId,
    (bookingIds) => db.read((sql) => paymentsOfBookings(sql, bookingIds)),
  ),
})

/** One context a request: loaders cache nothing beyond it. */
export const contextOf = (base: SubgraphContext, ports: Ports): Context => ({
  ...ports,
  ...base,
  ...loadersOf(base),
})
