import { randomBytes } from 'node:crypto'
import type { Sql } from '#kit/postgres'
import { type UserError, userError } from '#kit/user-error'
import type { Context } from '../context.ts'
import { priceOf } from '../service/price.ts'
import { type ServiceRow, servicesByIds } from '../service/queries.ts'
import { insertSession, lineUp, liveSession } from '../session/queries.ts'
import { questionFor } from '../slot/offers.ts'
import { busyOf, sessionOf, type Verdict, verdictOf } from '../slot/rules.ts'
import type { SlotClaim } from '../slot/token.ts'
import { endOverdueHolds, tell } from './events.ts'
import { type BookingRow, heldByClient, insertBooking, isClientBusy } from './queries.ts'
import { type OutsidePolicy, outsidePolicy, referenceFrom } from './rules.ts'

export type SlotHeld = { __typename: 'SlotHeld'; bookingId: string; expiresAt: string }
export type SlotTaken = UserError<'SlotTakenError'> & {
  serviceId: string
  startsAt: string
  seats: number
}
export type HoldAnswer = SlotHeld | SlotTaken | OutsidePolicy | UserError<'ValidationError'>

export type Wish = { clientId: string; claim: SlotClaim; seats: number }
type Limits = Pick<Context, 'holdMs' | 'holdsPerClientMax'>
type Asked = Wish & Limits & { service: ServiceRow; now: Date }

const invalid = (message: string, path = 'slotToken') =>
  userError('ValidationError', message, [path])

export const slotTaken = (
  { claim, seats }: Wish,
  message = 'Somebody was faster. Choose another time.',
): SlotTaken => ({
  __typename: 'SlotTakenError',
  code: 'SLOT_TAKEN',
  message,
  path: null,
  serviceId: claim.serviceId,
  startsAt: claim.startsAt.toISOString(),
  seats,
})

export const clientBusy = () => invalid('You already have a booking at that time.')

/** Nobody was faster: so many were never offered. */
const tooManySeats = ({ capacity }: ServiceRow) =>
  invalid(
    `A session of this service has ${capacity} ${capacity === 1 ? 'seat' : 'seats'}.`,
    'seats',
  )

/** What the service's rules answer when they do not offer the start. */
const refusals: Record<Exclude<Verdict['kind'], 'OPEN'>, (asked: Asked) => HoldAnswer> = {
  TAKEN: (asked) =>
    asked.seats > asked.service.capacity ? tooManySeats(asked.service) : slotTaken(asked),
  // The hours changed after the offer: the client needs what it needs when a slot is taken, other times to choose.
  CLOSED: (asked) => slotTaken(asked, 'This time is not offered any more. Choose another one.'),
  TOO_SOON: ({ service, claim }) =>
    outsidePolicy(
      'MINIMUM_NOTICE',
      'It is too late to book this start.',
      new Date(claim.startsAt.getTime() - service.noticeMinutes * 60_000),
    ),
  TOO_FAR: () => outsidePolicy('HORIZON', 'This start cannot be booked yet.'),
}

const held = (booking: Pick<BookingRow, 'id'>, expiresAt: Date): SlotHeld => ({
  __typename: 'SlotHeld',
  bookingId: booking.id,
  expiresAt: expiresAt.toISOString(),
})

/**
 * The service of an offer, or why nothing may be held on it any more. Lines up for its coach: its terms, and its
 * price, do not change until the end of the transaction.
 */
export async function offeredService(
  sql: Sql,
  { claim, clientId }: Pick<Wish, 'claim' | 'clientId'>,
) {
  const [found] = await servicesByIds(sql, [claim.serviceId])
  if (!found) return invalid('This service is no longer offered.')
  await lineUp(sql, { clientId, coachId: found.coachId })
  const [service = found] = await servicesByIds(sql, [claim.serviceId])
  if (service.archivedAt) return invalid('This service is no longer offered.')
  return service.version === claim.termsVersion
    ? service
    : invalid('The terms of this service have changed. Ask for slots again and hold one of them.')
}

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

/** The session of the service that takes place then, or a new one. */
export async function sessionAt(
  sql: Sql,
  { service, start, timeZone }: { service: ServiceRow; start: number; timeZone: string },
): Promise<string> {
  const { id: serviceId, coachId, capacity } = service
  const during = sessionOf(service, start)
  const live = await liveSession(sql, { serviceId, during })
  const busy = busyOf(service, start)
  return live ?? insertSession(sql, { coachId, serviceId, during, busy, timeZone, capacity })
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
