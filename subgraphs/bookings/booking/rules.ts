import type { Money } from '#kit/money'
import type { UserError } from '#kit/user-error'

export const bookingStatuses = [
  'HELD',
  'PENDING_CONFIRMATION',
  'CONFIRMED',
  'IN_PROGRESS',
  'COMPLETED',
  'CANCELLED_BY_CLIENT',
  'CANCELLED_BY_COACH',
  'DECLINED',
  'EXPIRED',
  'NO_SHOW',
] as const
export type BookingStatus = (typeof bookingStatuses)[number]

/** One person takes at most this many seats of a session. */
export const seatsMax = 20

/** What can become of a booking. Everything that is not here is a conflict. */
export const transitions: Readonly<Record<BookingStatus, readonly BookingStatus[]>> = {
  HELD: ['PENDING_CONFIRMATION', 'CONFIRMED', 'EXPIRED'],
  PENDING_CONFIRMATION: ['CONFIRMED', 'DECLINED', 'CANCELLED_BY_CLIENT', 'CANCELLED_BY_COACH'],
  CONFIRMED: ['IN_PROGRESS', 'CANCELLED_BY_CLIENT', 'CANCELLED_BY_COACH', 'NO_SHOW'],
  IN_PROGRESS: ['COMPLETED', 'NO_SHOW'],
  COMPLETED: [],
  CANCELLED_BY_CLIENT: [],
  CANCELLED_BY_COACH: [],
  DECLINED: [],
  // Paid late, and the slot is still free.
  EXPIRED: ['CONFIRMED'],
  NO_SHOW: [],
}

export const mayBecome = (from: BookingStatus, to: BookingStatus) => transitions[from].includes(to)

type Held = { readonly status: BookingStatus; readonly holdExpiresAt: Date | null }

/** The status as it is at an instant: a hold past its end is over, whether a row says so yet or not. */
export const statusAt = ({ status, holdExpiresAt }: Held, now: Date): BookingStatus =>
  status === 'HELD' && holdExpiresAt !== null && holdExpiresAt <= now ? 'EXPIRED' : status

type Cancellable = Held & {
  readonly startsAt: Date
  readonly endsAt: Date
  readonly cancelNoticeMinutes: number
}

const cancelDeadline = ({ startsAt, cancelNoticeMinutes }: Cancellable) =>
  new Date(startsAt.getTime() - cancelNoticeMinutes * 60_000)

/** Until when its client may cancel; null when that time has passed or the booking is not in a state for it. */
export function canCancelUntil(booking: Cancellable, now: Date): Date | null {
  if (!mayBecome(statusAt(booking, now), 'CANCELLED_BY_CLIENT')) return null
  const deadline = cancelDeadline(booking)
  return now <= deadline ? deadline : null
}

/** One booking is moved at most this often. */
export const reschedulesMax = 3

type Movable = Cancellable & { readonly reschedules: number }

/** Until when its client may move a booking: as long as they may cancel it, and while they have moves left. */
export const canRescheduleUntil = (booking: Movable, now: Date): Date | null =>
  booking.reschedules < reschedulesMax ? canCancelUntil(booking, now) : null

type Paid = {
  readonly currency: string | null
  readonly paidMinor: number
  readonly refundedMinor: number
}

/** What has been paid for a booking and not been given back; null when that is nothing. */
export function keptOf({ currency, paidMinor, refundedMinor }: Paid): Money | null {
  const amount = paidMinor - refundedMinor
  return currency !== null && amount > 0 ? { amount, currency } : null
}

export type MoveVerdict =
  | { readonly kind: 'MOVE' | 'OUT_OF_MOVES' | 'CONFLICT' }
  | { readonly kind: 'TOO_LATE'; readonly deadline: Date }

/** What a move by the client comes to, whatever the slot is. Says MOVE as long as `canRescheduleUntil` shows. */
export function moveVerdict(booking: Movable, now: Date): MoveVerdict {
  const verdict = cancelVerdict(booking, 'client', now)
  if (verdict.kind === 'TOO_LATE') return verdict
  if (verdict.kind === 'CONFLICT') return { kind: 'CONFLICT' }
  return { kind: booking.reschedules < reschedulesMax ? 'MOVE' : 'OUT_OF_MOVES' }
}

export type CancelVerdict =
  | { readonly kind: 'CANCEL'; readonly status: BookingStatus }
  | { readonly kind: 'TOO_LATE'; readonly deadline: Date }
  | { readonly kind: 'CONFLICT'; readonly message: string }

/** What a cancellation by one of the two sides comes to. A coach is bound by no notice, only by the session's end. */
export function cancelVerdict(
  booking: Cancellable,
  by: 'client' | 'coach',
  now: Date,
): CancelVerdict {
  const status = by === 'client' ? 'CANCELLED_BY_CLIENT' : 'CANCELLED_BY_COACH'
  const current = statusAt(booking, now)
  if (current === 'HELD') {
    return { kind: 'CONFLICT', message: 'The slot is only held. Its client may release it.' }
  }
  if (!mayBecome(current, status) || booking.endsAt <= now) {
    return { kind: 'CONFLICT', message: 'The booking can no longer be cancelled.' }
  }
  const deadline = cancelDeadline(booking)
  return by === 'client' && now > deadline
    ? { kind: 'TOO_LATE', deadline }
    : { kind: 'CANCEL', status }
}

// Crockford's base 32 has no I, L, O and U: a code can be read out and typed without a mistake.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The code that people read out, from eight random bytes. */
export const referenceFrom = (bytes: Uint8Array) =>
  [...bytes.subarray(0, 8)].map((byte) => alphabet.charAt(byte % 32)).join('')

/** The rules of a service, by what they limit. */
export const policyLimits = [
  'MINIMUM_NOTICE',
  'HORIZON',
  'LIVE_HOLDS',
  'CANCEL_NOTICE',
  'RESCHEDULES',
] as const
export type PolicyLimit = (typeof policyLimits)[number]

export type OutsidePolicy = UserError<'OutsidePolicyError'> & {
  readonly limit: PolicyLimit
  readonly deadline: string | null
}

/** The rules of the service say no. `deadline` (RFC 3339) is the last instant at which they would have said yes. */
export const outsidePolicy = (
  limit: PolicyLimit,
  message: string,
  deadline: Date | null = null,
): OutsidePolicy => ({
  __typename: 'OutsidePolicyError',
  limit,
  code: 'OUTSIDE_POLICY',
  message,
  path: null,
  deadline: deadline?.toISOString() ?? null,
})
