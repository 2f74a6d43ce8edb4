import { emit } from '#kit/outbox'
import type { Sql } from '#kit/postgres'
import { insertRefund } from '../refund/queries.ts'
import { lockReservation, type ReservationRow } from '../reservation/queries.ts'
import type { Checkout } from './provider.ts'
import {
  hasOtherLive,
  lockPayment,
  type PaymentRow,
  paymentsByIds,
  updatePayment,
} from './queries.ts'
import { leftOf, statusAfter } from './rules.ts'

/** What the provider says of a payment's checkout. */
export type Look = Pick<Checkout, 'state' | 'isPaid' | 'failureCode' | 'intentId'> & {
  readonly checkoutId: string | null
}

/** A checkout that was never made, or whose page nobody was sent to. */
export const nobodyCame: Look = {
  state: 'EXPIRED',
  isPaid: false,
  failureCode: null,
  intentId: null,
  checkoutId: null,
}

/** Gives back all that is left of a paid payment; a worker sends it. */
export const refundRest = (
  sql: Sql,
  payment: PaymentRow,
  { cause, now }: { cause: 'CANCELLED' | 'UNSEATED' | 'SURPLUS'; now: Date },
) => insertRefund(sql, { paymentId: payment.id, amount: leftOf(payment), cause, createdAt: now })

/** Money that nobody expects any more goes back by itself. */
async function succeed(
  sql: Sql,
  payment: PaymentRow,
  at: { reservation: ReservationRow; now: Date },
) {
  const { reservation, now } = at
  if (await hasOtherLive(sql, payment)) {
    await updatePayment(sql, { ...payment, isSurplus: true })
    await refundRest(sql, payment, { cause: 'SURPLUS', now })
    return
  }
  await updatePayment(sql, payment)
  const { id: paymentId, bookingId, amount, currency } = payment
  await emit(sql, {
    topic: 'billing.payment-succeeded',
    entityId: paymentId,
    payload: { bookingId, paymentId, amount, currency },
  })
  if (reservation.state === 'CANCELLED') await refundRest(sql, payment, { cause: 'CANCELLED', now })
}

/** A card was declined, and the page may still be open, or a bank said no for good. */
const tellFailed = (sql: Sql, { id: paymentId, bookingId, failureCode, status }: PaymentRow) =>
  emit(sql, {
    topic: 'billing.payment-failed',
    entityId: paymentId,
    payload: { bookingId, paymentId, failureCode, status },
  })

/**
 * Makes of a payment what the provider says of it, in a transaction of the system. Safe to repeat, in any order:
 * what has been settled once stays so.
 */
export async function settle(sql: Sql, { id, look, now }: { id: string; look: Look; now: Date }) {
  const [known] = await paymentsByIds(sql, [id])
  const reservation = known && (await lockReservation(sql, known.bookingId))
  const payment = reservation && (await lockPayment(sql, id))
  if (!payment) return
  // Its page was noted while somebody took it for never made: the next look closes it first.
  if (look.checkoutId === null && payment.checkoutId !== null) return
  const status = statusAfter(payment.status, look)
  const settled: PaymentRow = {
    ...payment,
    status,
    failureCode: status === 'SUCCEEDED' ? null : (look.failureCode ?? payment.failureCode),
    checkoutId: payment.checkoutId ?? look.checkoutId,
    intentId: payment.intentId ?? look.intentId,
  }
  if (status === 'SUCCEEDED' && payment.status !== 'SUCCEEDED') {
    return succeed(sql, settled, { reservation, now })
  }
  await updatePayment(sql, settled)
  const hasFailed = status === 'FAILED' && payment.status !== 'FAILED'
  if (hasFailed || settled.failureCode !== payment.failureCode) await tellFailed(sql, settled)
}
