import type { Sql } from '#kit/postgres'

export type RefundStatus = 'PENDING' | 'SUCCEEDED' | 'FAILED'
export type RefundCause = 'CANCELLED' | 'UNSEATED' | 'REQUESTED' | 'SURPLUS'

export type RefundRow = {
  id: string
  paymentId: string
  amount: number
  currency: string
  cause: RefundCause
  status: RefundStatus
  stripeRefundId: string | null
  intentId: string | null
  attempts: number
  createdAt: Date
}

const columns = (sql: Sql) => sql`
  refund.id, refund.payment_id, refund.amount, payment.currency, cause, refund.status, stripe_refund_id,
  payment.intent_id, attempts, refund.created_at`

const source = (sql: Sql) => sql`refund join payment on payment.id = payment_id`

export type NewRefund = {
  paymentId: string
  amount: number
  cause: RefundCause
  createdAt: Date
  reason?: string | null
  requestedBy?: string
  /** When a worker sends it, if nobody else has; at once without it. */
  nextAttemptAt?: Date
}

/**
 * The id of a refund that waits to be sent. Violates `refunds_in_amount` when less is left, `refund_of_paid` when
 * nothing was paid. Null for nothing to give back.
 */
export async function insertRefund(sql: Sql, refund: NewRefund): Promise<string | null> {
  if (refund.amount <= 0) return null
  const [inserted] = await sql<{ id: string }[]>`
    insert into refund ${sql({ nextAttemptAt: refund.createdAt, ...refund })}
    returning id`
  return inserted?.id ?? null
}

/** One refund that is due, with its next try noted; others may claim the next one meanwhile. */
export async function claimRefund(
  sql: Sql,
  now: Date,
  next: (attempts: number) => Date,
): Promise<RefundRow | null> {
  const [due] = await sql<RefundRow[]>`
    select ${columns(sql)}
    from ${source(sql)}
    where refund.status = 'PENDING'
      and next_attempt_at <= ${now}
    order by next_attempt_at
    limit 1
    for update of refund skip locked`
  if (!due) return null
  await sql`
    update refund
    set next_attempt_at = ${next(due.attempts)}, attempts = attempts + 1
    where id = ${due.id}::uuid`
  return due
}

export async function refundById(sql: Sql, id: string): Promise<RefundRow | null> {
  const [refund] = await sql<RefundRow[]>`
    select ${columns(sql)} from ${source(sql)} where refund.id = ${id}::uuid`
  return refund ?? null
}

/** Nobody else settles the refund until the transaction ends. */
export async function lockRefund(sql: Sql, id: string): Promise<RefundRow | null> {
  const [refund] = await sql<RefundRow[]>`
    select ${columns(sql)} from ${source(sql)} where refund.id = ${id}::uuid for update of refund`
  return refund ?? null
}

export async function refundBehind(sql: Sql, stripeRefundId: string): Promise<RefundRow | null> {
  const [refund] = await sql<RefundRow[]>`
    select ${columns(sql)} from ${source(sql)} where stripe_refund_id = ${stripeRefundId}`
  return refund ?? null
}

type SettledRefund = {
  id: string
  status: RefundStatus
  stripeRefundId: string | null
  failureCode: string | null
}

/** Expects the row to be locked by `lockRefund`. */
export const updateRefund = (sql: Sql, settled: SettledRefund) => sql`
  update refund
  set status = ${settled.status},
    failure_code = ${settled.failureCode},
    stripe_refund_id = coalesce(stripe_refund_id, ${settled.stripeRefundId})
  where id = ${settled.id}::uuid`
