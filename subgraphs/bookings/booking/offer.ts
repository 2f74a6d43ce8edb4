import { violatedConstraint } from '#kit/constraint'
import type { Sql } from '#kit/postgres'
import { type UserError, userError } from '#kit/user-error'
import { type ServiceRow, servicesByIds } from '../service/queries.ts'
import { insertSession, lineUp, liveSession } from '../session/queries.ts'
import { busyOf, sessionOf, type Verdict } from '../slot/rules.ts'
import type { SlotClaim } from '../slot/token.ts'
import { type OutsidePolicy, outsidePolicy } from './rules.ts'

export type SlotTaken = UserError<'SlotTakenError'> & {
  serviceId: string
  startsAt: string
  seats: number
}

/** Somebody wants seats of an offer. */
export type Wish = { clientId: string; claim: SlotClaim; seats: number }
type Refusal = SlotTaken | OutsidePolicy | UserError<'ValidationError'>

export const invalid = (message: string, path = 'slotToken') =>
  userError('ValidationError', message, [path])

export const notOffered = () =>
  invalid('This offer is not valid, or not any more. Ask for slots again and hold one of them.')

const slotTaken = (
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

type Asked = Wish & { service: ServiceRow }

/** What the service's rules answer when they do not offer the start. */
export const refusals: Record<Exclude<Verdict['kind'], 'OPEN'>, (asked: Asked) => Refusal> = {
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

/** The constraints have the last word; what they refuse is the same answer as what the rules refuse. */
const refusalsByConstraint: Readonly<Record<string, (wish: Wish) => Refusal>> = {
  coach_not_twice: (wish) => slotTaken(wish),
  seats_in_capacity: (wish) => slotTaken(wish),
  client_not_twice: clientBusy,
}

/** The answer to a wish that a constraint refused; null for any other error. */
export const refusalFrom = (error: unknown, wish: Wish): Refusal | null =>
  refusalsByConstraint[violatedConstraint(error) ?? '']?.(wish) ?? null

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
