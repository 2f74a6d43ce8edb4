import type { BookingStatus } from '../booking/rules.ts'

/** What a payment makes of its booking. SEAT_AGAIN is tried: whether the slot is free decides the database. */
export type PaidVerdict = 'CONFIRM' | 'SEAT_AGAIN' | 'UNSEAT' | 'KEEP'

const verdicts: Readonly<Record<BookingStatus, PaidVerdict>> = {
  HELD: 'CONFIRM',
  EXPIRED: 'SEAT_AGAIN',
  PENDING_CONFIRMATION: 'KEEP',
  CONFIRMED: 'KEEP',
  IN_PROGRESS: 'KEEP',
  COMPLETED: 'KEEP',
  NO_SHOW: 'KEEP',
  CANCELLED_BY_CLIENT: 'UNSEAT',
  CANCELLED_BY_COACH: 'UNSEAT',
  DECLINED: 'UNSEAT',
}

type Paid = { readonly status: BookingStatus; readonly startsAt: Date }

/** `status` as stored. Nobody is seated in a session that has begun. */
export function paidVerdict({ status, startsAt }: Paid, now: Date): PaidVerdict {
  const verdict = verdicts[status]
  return verdict === 'SEAT_AGAIN' && startsAt <= now ? 'UNSEAT' : verdict
}
