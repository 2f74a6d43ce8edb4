import { emit } from '#kit/outbox'
import type { Sql } from '#kit/postgres'
import type { Ports } from '../context.ts'
import type { Refund } from '../payment/provider.ts'
import { paymentsByIds } from '../payment/queries.ts'
import { nextTry } from '../retry.ts'
import { claimRefund, lockRefund, type RefundRow, refundById, updateRefund } from './queries.ts'
import { refundAfter } from './rules.ts'

type Deps = Pick<Ports, 'provider' | 'system' | 'now' | 'log'>

async function tellRefunded(sql: Sql, { id: refundId, paymentId, amount }: RefundRow) {
  const [payment] = await paymentsByIds(sql, [paymentId])
  if (!payment) return
  const { bookingId, refunded, currency, status } = payment
  await emit(sql, {
    topic: 'billing.payment-refunded',
    entityId: paymentId,
    payload: { bookingId, paymentId, refundId, amount, refunded, currency, status },
  })
}

/** Makes of a refund what the provider says of it, in a transaction of the system. Safe to repeat, in any order. */
export async function settleRefund(sql: Sql, id: string, seen: Refund): Promise<void> {
  const refund = await lockRefund(sql, id)
  if (!refund) return
  const status = refundAfter(refund.status, seen.state)
  await updateRefund(sql, { ...seen, id, status })
  // A bank may send back what had succeeded: whoever reckons with it hears of that too.
  if ((status === 'SUCCEEDED') !== (refund.status === 'SUCCEEDED')) await tellRefunded(sql, refund)
}

/** The call carries our id: repeated after a crash, it gives nothing back twice. */
async function ask(refund: RefundRow, { provider }: Deps): Promise<Refund | null> {
  const { id: refundId, stripeRefundId, intentId, currency, cause: reason } = refund
  if (stripeRefundId !== null) return provider.refundStatus(stripeRefundId)
  if (intentId === null) throw new Error(`Refund ${refundId} is of a payment without an intent.`)
  const amount = { amount: refund.amount, currency }
  return provider.refund({ refundId, intentId, amount, reason, askedAt: refund.createdAt })
}

/** Never throws for the provider's sake: the next try is noted already. */
async function send(refund: RefundRow, deps: Deps) {
  const { system, log } = deps
  try {
    const seen = await ask(refund, deps)
    if (!seen) return
    if (seen.state === 'FAILED') log.error(`Refund ${refund.id} was refused: ${seen.failureCode}`)
    await system.write((sql) => settleRefund(sql, refund.id, seen))
  } catch (error) {
    log.warn(`Refund ${refund.id} could not be sent; trying again`, error)
  }
}

/**
 * Sends one refund that is due; false when none was. The next try is noted before the call, so a crash costs a pause
 * and nothing else.
 */
export async function sendNext(deps: Deps): Promise<boolean> {
  const at = deps.now()
  const next = (attempts: number) => nextTry(at, attempts)
  const refund = await deps.system.write((sql) => claimRefund(sql, at, next))
  if (refund) await send(refund, deps)
  return refund !== null
}

/** Sends a refund for whoever waits for it. What does not work now is left to the workers. */
export async function sendNow(deps: Deps, id: string): Promise<void> {
  const refund = await deps.system.read((sql) => refundById(sql, id))
  if (refund?.status === 'PENDING') await send(refund, deps)
}
