import { z } from 'zod'
import type { Bus, BusEvent } from '#kit/bus'
import { consume } from '#kit/inbox'
import type { Log } from '#kit/log'
import type { Pool, Sql } from '#kit/postgres'
import { checkSoon, paidOf } from '../payment/queries.ts'
import { leftOf } from '../payment/rules.ts'
import { refundRest } from '../payment/settle.ts'
import { insertRefund } from '../refund/queries.ts'
import { keepReservation, lockReservation } from './queries.ts'
import { stateAfter } from './rules.ts'

const Money = z.object({ amount: z.int().positive(), currency: z.string().length(3) })

const instant = z.iso.datetime({ offset: true })

/** What `bookings` tells with every change of a booking; it may say more. Older events knew of no price. */
const BookingChanged = z.object({
  serviceId: z.uuid(),
  coachId: z.uuid(),
  clientId: z.uuid(),
  startsAt: instant,
  version: z.int(),
  serviceName: z.record(z.string(), z.string()).default({}),
  price: Money.nullish(),
  holdExpiresAt: instant.nullish(),
  /** Of a cancellation: what the policy gives back. */
  refund: Money.nullish(),
  /** Of a booking that could not be seated: the payment that was for nothing. */
  paymentId: z.uuid().optional(),
})

type Change = z.output<typeof BookingChanged>
type Heard = { readonly bookingId: string; readonly topic: string; readonly now: Date }

const rowOf = (change: Change, { bookingId, topic }: Heard) => ({
  bookingId,
  serviceId: change.serviceId,
  coachId: change.coachId,
  clientId: change.clientId,
  serviceName: change.serviceName,
  amount: change.price?.amount ?? null,
  currency: change.price?.currency ?? null,
  holdExpiresAt: new Date(change.holdExpiresAt ?? change.startsAt),
  state: stateAfter[topic] ?? 'EXPIRED',
  version: change.version,
})

/** By the policy that was shown when the slot was held; never more than is left. */
async function refundCancelled(sql: Sql, change: Change, { bookingId, now }: Heard) {
  const payment = await paidOf(sql, bookingId)
  if (!payment || !change.refund) return
  const amount = Math.min(change.refund.amount, leftOf(payment))
  await insertRefund(sql, { paymentId: payment.id, amount, cause: 'CANCELLED', createdAt: now })
}

/** What follows for the money, beside what is kept of the booking. */
const followUps: Readonly<
  Record<string, (sql: Sql, change: Change, heard: Heard) => Promise<unknown>>
> = {
  'bookings.booking-expired': (sql, _, { bookingId, now }) => checkSoon(sql, bookingId, now),
  'bookings.booking-cancelled': async (sql, change, heard) => {
    await checkSoon(sql, heard.bookingId, heard.now)
    await refundCancelled(sql, change, heard)
  },
  'bookings.booking-unseated': async (sql, { paymentId }, { bookingId, now }) => {
    const payment = await paidOf(sql, bookingId)
    if (payment && payment.id === (paymentId ?? payment.id))
      await refundRest(sql, payment, { cause: 'UNSEATED', now })
  },
}

/** An unseated booking stays what it was: only its money moves. */
async function hear(sql: Sql, { topic, entityId: bookingId, payload }: BusEvent, now: Date) {
  const change = BookingChanged.parse(payload)
  const heard = { bookingId, topic, now }
  if (stateAfter[topic]) await keepReservation(sql, rowOf(change, heard))
  await lockReservation(sql, bookingId)
  await followUps[topic]?.(sql, change, heard)
}

type Deps = { sql: Pool; bus: Bus; log: Log; now: () => Date }

/** Keeps what a booking costs and how it stands, and moves money when it ends. */
export const consumeBookings = ({ now, ...deps }: Deps) =>
  consume({
    ...deps,
    consumer: 'billing.reservation',
    topics: [...Object.keys(stateAfter), 'bookings.booking-unseated'],
    handle: (tx, event) => hear(tx, event, now()),
  })
