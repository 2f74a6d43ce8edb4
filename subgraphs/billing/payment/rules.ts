import { amountMax } from '../price/rules.ts'
import { isOver, type ReservationState } from '../reservation/rules.ts'
import type { Checkout } from './provider.ts'

export const paymentStatuses = [
  'REQUIRES_ACTION',
  'PROCESSING',
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
] as const
export type PaymentStatus = (typeof paymentStatuses)[number]

const unsettled: readonly PaymentStatus[] = ['REQUIRES_ACTION', 'PROCESSING']
const paid: readonly PaymentStatus[] = ['SUCCEEDED', 'PARTIALLY_REFUNDED', 'REFUNDED']

/** True while the provider may still tell something else. */
export const isUnsettled = (status: PaymentStatus) => unsettled.includes(status)

/** True once the money has come, whatever of it has gone back. */
export const isPaid = (status: PaymentStatus) => paid.includes(status)

type Seen = Pick<Checkout, 'state' | 'isPaid' | 'failureCode'>

/**
 * What a payment becomes by what the provider says of its checkout. Looks may be old and come in any order: an old
 * one never takes anything back, and money that has come counts even where none was expected any more.
 */
export function statusAfter(status: PaymentStatus, seen: Seen): PaymentStatus {
  if (isPaid(status)) return status
  if (seen.isPaid) return 'SUCCEEDED'
  if (!isUnsettled(status)) return status
  if (seen.state === 'EXPIRED') return 'CANCELLED'
  if (seen.state === 'OPEN') return status
  return seen.failureCode === null ? 'PROCESSING' : 'FAILED'
}

type Reservation = {
  readonly state: ReservationState
  readonly holdExpiresAt: Date
  readonly amount: number | null
}

/** Why nobody starts to pay for it, as a person reads it; null when its client may. */
export function checkoutFault(reservation: Reservation, now: Date): string | null {
  if (reservation.state === 'CANCELLED') return 'The booking is cancelled.'
  if (isOver(reservation, now)) return 'The hold has ended. Choose a time again.'
  if (reservation.amount === null) return 'The booking is free: confirm it.'
  // A price is of one seat, and a booking may have twenty.
  if (reservation.amount > amountMax)
    return 'This is more than can be paid at once. Hold fewer seats.'
  return reservation.state === 'HELD' ? null : 'The booking is confirmed already.'
}

type Money = { readonly amount: number; readonly refunded: number; readonly refundPending: number }

/** What can still be given back. */
export const leftOf = ({ amount, refunded, refundPending }: Money) =>
  amount - refunded - refundPending

const fallback = { fr: 'Séance', en: 'Session' } as const

/** What the payer reads on the provider's page: one line. */
export const describe = (name: Readonly<Record<string, string>>, locale: 'fr' | 'en') =>
  (name[locale] || name.fr || name.en || fallback[locale]).slice(0, 200)
