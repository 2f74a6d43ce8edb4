import type { Sql } from '#kit/postgres'
import { type UserError, userError } from '#kit/user-error'
import type { Interval } from '../availability/windows.ts'
import { stepsOfMoved } from '../cancellation/rules.ts'
import type { Context } from '../context.ts'
import type { ServiceRow } from '../service/queries.ts'
import { questionFor } from '../slot/offers.ts'
import { sessionOf, verdictOf, without } from '../slot/rules.ts'
import type { SlotClaim } from '../slot/token.ts'
import { moveBooking } from './changes.ts'
import { endOverdueHolds, tell } from './events.ts'
import {
  clientBusy,
  invalid,
  offeredService,
  refusals,
  type SlotTaken,
  sessionAt,
} from './offer.ts'
import { type BookingRow, isClientBusy, lockBooking } from './queries.ts'
import { noSuchBooking } from './results.ts'
import { type MoveVerdict, moveVerdict, type OutsidePolicy, outsidePolicy } from './rules.ts'
import { type Stale, stale } from './stale.ts'

export type Moved = { __typename: 'BookingMoved'; bookingId: string }
export type MoveAnswer =
  | Moved
  | SlotTaken
  | OutsidePolicy
  | Stale
  | UserError<'ConflictError' | 'NotFoundError'>

export type MoveWish = { booking: BookingRow; expectedVersion: number; claim: SlotClaim }

type Refusal = Exclude<MoveAnswer, Moved> | UserError<'ValidationError'>

/** A move has no form whose input is at fault: what is wrong with the offer is a conflict. */
export const asConflict = (refusal: Refusal) =>
  refusal.__typename === 'ValidationError'
    ? userError('ConflictError', refusal.message, refusal.path)
    : refusal

const verdictRefusals: Record<Exclude<MoveVerdict['kind'], 'MOVE' | 'TOO_LATE'>, () => Refusal> = {
  CONFLICT: () => userError('ConflictError', 'The booking can no longer be moved.', ['bookingId']),
  OUT_OF_MOVES: () =>
    outsidePolicy('RESCHEDULES', 'The booking has been moved three times. Talk to your coach.'),
}

/** Why the booking itself may not be moved to the offer; null when it may. */
function refusalOf(booking: BookingRow, { claim, expectedVersion }: MoveWish, now: Date) {
  if (booking.version !== expectedVersion) return stale(booking.id)
  if (booking.startsAt.getTime() === claim.startsAt.getTime()) {
    return invalid('The booking is at that time already.')
  }
  const verdict = moveVerdict(booking, now)
  if (verdict.kind === 'MOVE') return null
  return verdict.kind === 'TOO_LATE'
    ? outsidePolicy(
        'CANCEL_NOTICE',
        'It is too late to move. Talk to your coach.',
        verdict.deadline,
      )
    : verdictRefusals[verdict.kind]()
}

const duringOf = ({ startsAt, endsAt }: BookingRow): Interval => ({
  start: startsAt.getTime(),
  end: endsAt.getTime(),
})

type Seat = { service: ServiceRow; start: number; timeZone: string; now: Date }

async function take(sql: Sql, booking: BookingRow, { now, ...seat }: Seat): Promise<Moved> {
  const { id, startsAt, endsAt } = booking
  const sessionId = await sessionAt(sql, seat)
  const during = sessionOf(seat.service, seat.start)
  const refundSteps = stepsOfMoved(booking, now)
  const moved = await moveBooking(sql, { id, sessionId, during, refundSteps })
  const before = { startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() }
  await tell(sql, 'moved', { ...moved, before })
  return { __typename: 'BookingMoved', bookingId: id }
}

/**
 * Moves the booking inside the caller's transaction, or says why not. The decision is the one that made the offer, with
 * the seats that are given up free, and the constraints guard it: nobody sees a moment without a seat, or with two.
 */
export async function move(sql: Sql, wish: MoveWish, clock: Pick<Context, 'now'>) {
  const { claim } = wish
  const { id, clientId, serviceId } = wish.booking
  if (claim.serviceId !== serviceId) return invalid('This slot is of another service.')
  const service = await offeredService(sql, { claim, clientId })
  if ('__typename' in service) return service
  const booking = await lockBooking(sql, id)
  if (!booking) return noSuchBooking()
  const now = clock.now()
  const refusal = refusalOf(booking, wish, now)
  if (refusal) return refusal
  await endOverdueHolds(sql, now, booking)
  const { seats } = booking
  const start = claim.startsAt.getTime()
  const during = sessionOf(service, start)
  if (await isClientBusy(sql, { clientId, during, besideId: id })) return clientBusy()
  const question = await questionFor(sql, service, { range: { start, end: start + 1 }, seats, now })
  const verdict = verdictOf(without(question, { ...duringOf(booking), serviceId, seats }), start)
  return verdict.kind === 'OPEN'
    ? take(sql, booking, { service, start, timeZone: question.timeZone, now })
    : refusals[verdict.kind]({ service, claim, seats, clientId })
}
