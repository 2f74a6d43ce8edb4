import type { Audience, BookingKind } from './queries.ts'

const minuteMs = 60_000

/** A worker that has not finished by then is dead; longer than every timeout of a mailer together. */
export const leaseMs = 5 * minuteMs

const firstPauseMs = minuteMs / 2
const longestPauseMs = 15 * minuteMs

/** How long to wait after the nth failed try: it doubles from 30 seconds, to 15 minutes at most. */
export const pauseAfter = (attempts: number): number =>
  Math.min(firstPauseMs * 2 ** Math.min(attempts - 1, 20), longestPauseMs)

const patienceMs = 3 * 24 * 60 * minuteMs

/** Whether a mail that could not be sent until then is no news any more. */
export const isTooOld = (createdAt: Date, now: Date): boolean =>
  now.getTime() - createdAt.getTime() > patienceMs

/** Settled mails are kept that long: an answer to "did you get our mail?". */
export const keptMs = 30 * 24 * 60 * minuteMs

export const kindOf: Readonly<Record<string, BookingKind>> = {
  'bookings.booking-confirmed': 'CONFIRMED',
  'bookings.booking-moved': 'MOVED',
  'bookings.booking-cancelled': 'CANCELLED',
}

type Pair = { readonly clientId: string; readonly coachId: string }
type Recipient = { recipientId: string; otherId: string; audience: Audience }

/** Who is told, and of whom; one mail for a coach who booked with themselves. */
export const recipientsOf = ({ clientId, coachId }: Pair): Recipient[] => {
  const client = { recipientId: clientId, otherId: coachId, audience: 'CLIENT' as const }
  const coach = { recipientId: coachId, otherId: clientId, audience: 'COACH' as const }
  return clientId === coachId ? [client] : [client, coach]
}
