import { violatedConstraint } from '#kit/constraint'
import type { Transaction } from '#kit/postgres'
import {
  type ChangedBooking,
  changedByIds,
  keepPayment,
  seatAgain,
  updateStatus,
} from '../booking/changes.ts'
import { endOverdueHolds, tell } from '../booking/events.ts'
import { type BookingRow, bookingsByIds, lockBooking } from '../booking/queries.ts'
import { lineUp, liveSession } from '../session/queries.ts'
import { type PaidVerdict, paidVerdict } from './rules.ts'

export type Paid = {
  readonly bookingId: string
  readonly paymentId: string
  readonly amount: number
}

type Outcome = {
  readonly change: 'confirmed' | 'unseated' | null
  readonly booking: ChangedBooking
}

/** What makes a seat impossible, by the names of the constraints that say so. */
const taken = new Set(['coach_not_twice', 'client_not_twice', 'seats_in_capacity'])

/**
 * Takes the seat of an ended hold again; null when it is gone. The constraints decide, inside a savepoint: what has
 * been done before stays.
 */
async function takeAgain(tx: Transaction, booking: BookingRow): Promise<ChangedBooking | null> {
  const { id, serviceId, startsAt, endsAt } = booking
  const during = { start: startsAt.getTime(), end: endsAt.getTime() }
  try {
    return await tx.savepoint(async (sql) => {
      const sessionId = await liveSession(sql, { serviceId, during })
      return seatAgain(sql, { id, sessionId: sessionId ?? booking.sessionId })
    })
  } catch (error) {
    if (taken.has(violatedConstraint(error) ?? '')) return null
    throw error
  }
}

async function asItIs(tx: Transaction, { id }: BookingRow): Promise<ChangedBooking> {
  const [booking] = await changedByIds(tx, [id])
  if (!booking) throw new Error(`Booking ${id} has gone.`)
  return booking
}

async function unseat(tx: Transaction, booking: BookingRow): Promise<Outcome> {
  return { change: 'unseated', booking: await asItIs(tx, booking) }
}

type Act = (tx: Transaction, booking: BookingRow) => Promise<Outcome>

const acts: Readonly<Record<PaidVerdict, Act>> = {
  CONFIRM: async (tx, { id }) => ({
    change: 'confirmed',
    booking: await updateStatus(tx, { id, status: 'CONFIRMED' }),
  }),
  SEAT_AGAIN: async (tx, booking) => {
    const seated = await takeAgain(tx, booking)
    return seated ? { change: 'confirmed', booking: seated } : unseat(tx, booking)
  },
  UNSEAT: unseat,
  KEEP: async (tx, booking) => ({ change: null, booking: await asItIs(tx, booking) }),
}

/**
 * A booking has been paid: it is confirmed, or takes its slot again when the hold is over. When that is gone, billing
 * hears `bookings.booking-unseated` and gives everything back.
 */
export async function seatPaid(tx: Transaction, paid: Paid, now: Date): Promise<void> {
  const { bookingId, paymentId } = paid
  const [known] = await bookingsByIds(tx, [bookingId])
  if (!known) throw new Error(`Payment ${paymentId} is for a booking that is not known.`)
  await lineUp(tx, known)
  await endOverdueHolds(tx, now, known)
  const locked = await lockBooking(tx, bookingId)
  if (!locked) throw new Error(`Booking ${bookingId} has gone.`)
  await keepPayment(tx, paid)
  const { change, booking } = await acts[paidVerdict(locked, now)](tx, locked)
  if (change) await tell(tx, change, { ...booking, ...(change === 'unseated' && { paymentId }) })
  await tell(tx, 'payment-changed', booking)
}
