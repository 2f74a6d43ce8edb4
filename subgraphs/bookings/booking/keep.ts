import { randomBytes } from 'node:crypto'
import type { Sql } from '#kit/postgres'
import type { UserError } from '#kit/user-error'
import type { Context } from '../context.ts'
import { priceOf, type ServiceRow } from '../service/queries.ts'
import { questionFor } from '../slot/offers.ts'
import { sessionOf, verdictOf } from '../slot/rules.ts'
import { insertBooking } from './changes.ts'
import { endOverdueHolds, tell } from './events.ts'
import {
  clientBusy,
  invalid,
  offeredService,
  refusals,
  type SlotTaken,
  sessionAt,
  type Wish,
} from './offer.ts'
import { type BookingRow, heldByClient, isClientBusy } from './queries.ts'
import { type OutsidePolicy, outsidePolicy, referenceFrom } from './rules.ts'

export type SlotHeld = { __typename: 'SlotHeld'; bookingId: string; expiresAt: string }
export type HoldAnswer = SlotHeld | SlotTaken | OutsidePolicy | UserError<'ValidationError'>

type Limits = Pick<Context, 'holdMs' | 'holdsPerClientMax'>
type Asked = Wish & Limits & { service: ServiceRow; now: Date }

const held = (booking: Pick<BookingRow, 'id'>, expiresAt: Date): SlotHeld => ({
  __typename: 'SlotHeld',
  bookingId: booking.id,
  expiresAt: expiresAt.toISOString(),
})

/** What the client's own bookings answer; null when they are not in the way. */
async function ownAnswer(sql: Sql, asked: Asked): Promise<HoldAnswer | null> {
  const { clientId, claim, seats, service, holdsPerClientMax } = asked
  const holds = await heldByClient(sql, clientId)
  const same = holds.find(
    (hold) => hold.serviceId === service.id && hold.startsAt.getTime() === claim.startsAt.getTime(),
  )
  if (same?.holdExpiresAt) {
    return same.seats === seats
      ? held(same, same.holdExpiresAt)
      : invalid('You hold this slot with other seats. Release it first.', 'seats')
  }
  if (holds.length >= holdsPerClientMax) {
    return outsidePolicy(
      'LIVE_HOLDS',
      `You hold ${holds.length} slots already. Confirm or release one, or wait until one ends.`,
    )
  }
  const during = sessionOf(service, claim.startsAt.getTime())
  return (await isClientBusy(sql, { clientId, during })) ? clientBusy() : null
}

async function insertHold(sql: Sql, asked: Asked, timeZone: string): Promise<SlotHeld> {
  const { service, claim, clientId, seats, now } = asked
  const start = claim.startsAt.getTime()
  const price = await priceOf(sql, service.id)
  const holdExpiresAt = new Date(now.getTime() + asked.holdMs)
  const booking = await insertBooking(sql, {
    ...service,
    serviceId: service.id,
    during: sessionOf(service, start),
    sessionId: await sessionAt(sql, { service, start, timeZone }),
    clientId,
    seats,
    priceMinor: price && price.amount * seats,
    currency: price?.currency ?? null,
    holdExpiresAt,
    reference: referenceFrom(randomBytes(8)),
    createdAt: now,
  })
  await tell(sql, 'held', booking)
  return held(booking, holdExpiresAt)
}

/**
 * Holds the slot inside the caller's transaction, or says why not. Overdue holds of the coach and the client end
 * first; then the decision is the one that made the offer, and the constraints guard what it decided.
 */
export async function keepSlot(
  sql: Sql,
  wish: Wish,
  { now, ...limits }: Limits & Pick<Context, 'now'>,
): Promise<HoldAnswer> {
  const service = await offeredService(sql, wish)
  if ('__typename' in service) return service
  const { coachId } = service
  const asked: Asked = { ...wish, ...limits, service, now: now() }
  await endOverdueHolds(sql, asked.now, { coachId, clientId: wish.clientId })
  const own = await ownAnswer(sql, asked)
  if (own) return own
  const start = wish.claim.startsAt.getTime()
  const question = await questionFor(sql, service, {
    range: { start, end: start + 1 },
    seats: wish.seats,
    now: asked.now,
  })
  const verdict = verdictOf(question, start)
  return verdict.kind === 'OPEN'
    ? insertHold(sql, asked, question.timeZone)
    : refusals[verdict.kind](asked)
}
