import { z } from 'zod'
import type { Bus, BusEvent } from '#kit/bus'
import { consume } from '#kit/inbox'
import type { Log } from '#kit/log'
import type { Pool, Transaction } from '#kit/postgres'
import { changedByIds, keepRefund } from '../booking/changes.ts'
import { tell } from '../booking/events.ts'
import { seatPaid } from './seat.ts'

const Payment = z.object({ bookingId: z.uuid(), paymentId: z.uuid() })
const Succeeded = Payment.extend({ amount: z.int().positive() })
/** `refunded`: all that has been given back of the payment, as of this event; they come in order. */
const Refunded = Payment.extend({ refunded: z.int().nonnegative() })

type Handle = (tx: Transaction, payload: unknown, now: Date) => Promise<void>

/** What `billing` tells of a payment. An event that comes again changes nothing. */
const handlers: Readonly<Record<string, Handle>> = {
  'billing.payment-succeeded': (tx, payload, now) => seatPaid(tx, Succeeded.parse(payload), now),
  'billing.payment-refunded': async (tx, payload) => {
    const changed = await keepRefund(tx, Refunded.parse(payload))
    if (changed) await tell(tx, 'payment-changed', changed)
  },
  'billing.payment-failed': async (tx, payload) => {
    const { bookingId } = Payment.parse(payload)
    const [changed] = await changedByIds(tx, [bookingId])
    if (changed) await tell(tx, 'payment-changed', changed)
  },
}

type Deps = { sql: Pool; bus: Bus; log: Log; now: () => Date }

/** Keeps what billing tells of payments, in the order in which it is told. */
export const consumePayments = ({ now, ...deps }: Deps) =>
  consume({
    ...deps,
    consumer: 'bookings.payment',
    topics: Object.keys(handlers),
    handle: async (tx, { topic, payload }: BusEvent) => handlers[topic]?.(tx, payload, now()),
  })
