import type { Sql } from '#kit/postgres'
import type { Ports } from '../context.ts'
import { paymentBehind } from '../payment/queries.ts'
import { settle } from '../payment/settle.ts'
import { refundBehind } from '../refund/queries.ts'
import { settleRefund } from '../refund/send.ts'
import type { Subject } from './queries.ts'

type Deps = Pick<Ports, 'provider' | 'system' | 'now'>
/** What is to be done, inside the transaction that notes the event as handled. */
type Work = (sql: Sql) => Promise<void>

async function workOnRefund(
  { stripeRefundId }: Subject,
  { provider, system }: Deps,
): Promise<Work | null> {
  if (stripeRefundId === null) return null
  const refund = await system.read((sql) => refundBehind(sql, stripeRefundId))
  const seen = refund && (await provider.refundStatus(stripeRefundId))
  return seen && ((sql) => settleRefund(sql, refund.id, seen))
}

async function workOnPayment(
  subject: Subject,
  { provider, system, now }: Deps,
): Promise<Work | null> {
  const payment = await system.read((sql) => paymentBehind(sql, subject))
  const checkoutId = payment?.checkoutId ?? subject.checkoutId
  if (!payment || checkoutId === null) return null
  const checkout = await provider.checkout(checkoutId)
  // A checkout is this payment's when the provider says so, not because an event does.
  if (checkout?.paymentId !== payment.id) return null
  return (sql) => settle(sql, { id: payment.id, look: { ...checkout, checkoutId }, now: now() })
}

/**
 * What an event asks for, from the objects as the provider has them now: an event is a hint, it comes late, twice
 * and in any order. Null for what is none of ours.
 */
export const workOn = async (subject: Subject, deps: Deps): Promise<Work | null> =>
  (await workOnRefund(subject, deps)) ?? workOnPayment(subject, deps)
