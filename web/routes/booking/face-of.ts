import type { BookingDetail } from './query.ts'

export type FaceName = 'held' | 'confirming' | 'confirmed' | 'expired' | 'unseated' | 'cancelled'

type Standing = Pick<BookingDetail, 'status'> & {
  payment: { status: NonNullable<BookingDetail['payment']>['status'] } | null
}

const paid: ReadonlySet<string> = new Set(['SUCCEEDED', 'PARTIALLY_REFUNDED', 'REFUNDED'])
const settling: ReadonlySet<string> = new Set(['PROCESSING', 'SUCCEEDED'])

const faces: Partial<Record<BookingDetail['status'], FaceName>> = {
  EXPIRED: 'expired',
  CANCELLED_BY_CLIENT: 'cancelled',
  CANCELLED_BY_COACH: 'cancelled',
  DECLINED: 'cancelled',
}

/** What a booking looks like to its client: its status, and where the money is when the two disagree. */
export function faceOf({ status, payment }: Standing, remainingMs: number): FaceName {
  if (status !== 'HELD' && status !== 'EXPIRED') return faces[status] ?? 'confirmed'
  if (payment && settling.has(payment.status) && status === 'HELD') return 'confirming'
  if (payment?.status === 'PROCESSING') return 'confirming'
  if (payment && paid.has(payment.status)) return 'unseated'
  return status === 'HELD' && remainingMs > 0 ? 'held' : 'expired'
}

/** On the way back from paying, a booking that is not settled yet is about to be. */
export function isAwaited({ status, payment }: Standing): boolean {
  if (status !== 'HELD' && status !== 'EXPIRED') return false
  return !payment || payment.status === 'REQUIRES_ACTION' || settling.has(payment.status)
}
