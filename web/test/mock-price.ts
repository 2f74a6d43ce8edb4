import type { MockBooking } from './mock-state.ts'

type Row = Record<string, unknown>

const iso = (ms: number): string => new Date(ms).toISOString()

const hourMs = 3_600_000
/** Everything back three days before, half of it one day before, nothing later. */
export const mockPolicy = {
  cancelNotice: 'PT24H',
  steps: [
    { atLeastBefore: 'P3D', refundPercent: 100 },
    { atLeastBefore: 'PT24H', refundPercent: 50 },
  ],
}

export const moneyOf = (amount: number | null | undefined): Row | null =>
  amount ? { amount, currency: 'EUR' } : null

/** Percent and the instant until which it holds, as the policy gives it now. */
function stepNow(booking: MockBooking): { percent: number; untilMs: number | null } | null {
  const left = booking.startMs - Date.now()
  if (left > 72 * hourMs) return { percent: 100, untilMs: booking.startMs - 72 * hourMs }
  return left > 24 * hourMs ? { percent: 50, untilMs: null } : null
}

export function refundPreview(booking: MockBooking): Row | null {
  const step = booking.status === 'CONFIRMED' && booking.price ? stepNow(booking) : null
  if (!step) return null
  return {
    percent: step.percent,
    amount: moneyOf(Math.round(((booking.price ?? 0) * step.percent) / 100)),
    until: step.untilMs && iso(step.untilMs),
  }
}

export function paymentRow({ id, price, payment }: MockBooking): Row | null {
  if (!payment) return null
  return {
    __typename: 'Payment',
    id: `payment-${id}`,
    status: payment.status,
    amount: moneyOf(price),
    refunded: { amount: payment.refunded ?? 0, currency: 'EUR' },
    failureCode: payment.status === 'FAILED' ? 'card_declined' : null,
    createdAt: iso(Date.now()),
  }
}

/** Gives back what the policy says, as the worker of billing would a moment later. */
export function refund(booking: MockBooking): void {
  const step = stepNow(booking)
  if (!booking.payment || !booking.price || !step) return
  const refunded = Math.round((booking.price * step.percent) / 100)
  const status = step.percent === 100 ? 'REFUNDED' : 'PARTIALLY_REFUNDED'
  booking.payment = { status, refunded }
}
