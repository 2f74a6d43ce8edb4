import type { Page } from '#kit/connection'
import type { Sql } from '#kit/postgres'
import type { StartedCheckout } from './provider.ts'
import type { PaymentStatus } from './rules.ts'

export type PaymentRow = {
  id: string
  bookingId: string
  clientId: string
  amount: number
  currency: string
  status: PaymentStatus
  failureCode: string | null
  refunded: number
  refundPending: number
  description: string
  locale: 'fr' | 'en'
  holdExpiresAt: Date
  checkoutId: string | null
  checkoutUrl: string | null
  checkoutExpiresAt: Date | null
  intentId: string | null
  checks: number
  createdAt: Date
}

/** All given parts must hold. */
export type PaymentFilter = {
  status: readonly PaymentStatus[] | null
  from: Date | null
  to: Date | null
}

// Row-level security decides which rows a caller sees in every query of this file.
const columns = (sql: Sql) => sql`
  payment.id, payment.booking_id, payment.client_id, payment.amount, payment.currency, payment.status,
  failure_code, refunded, refund_pending, description, locale, payment.hold_expires_at, checkout_id,
  checkout_url, checkout_expires_at, intent_id, checks, payment.created_at`

export const paymentsByIds = (sql: Sql, ids: readonly string[]) => sql<PaymentRow[]>`
  select ${columns(sql)}
  from payment
  where id = any(${[...ids]}::uuid[])`

/** Of each booking the payment that counts: the live one, else the last. */
export const paymentsOfBookings = (sql: Sql, bookingIds: readonly string[]) => sql<PaymentRow[]>`
  select distinct on (booking_id) ${columns(sql)}
  from payment
  where booking_id = any(${[...bookingIds]}::uuid[])
  order by booking_id, status in ('FAILED', 'CANCELLED'), is_surplus, created_at desc, id desc`

const matches = (sql: Sql, { status, from, to }: PaymentFilter) => sql`
  ${status ? sql`status::text = any(${[...status]}::text[])` : sql`true`}
    and ${from ? sql`created_at >= ${from}` : sql`true`}
    and ${to ? sql`created_at < ${to}` : sql`true`}`

/** Newest first; one row more than the page holds. */
export const paymentsPage = (sql: Sql, page: Page, filter: PaymentFilter) => sql<PaymentRow[]>`
  select ${columns(sql)}
  from payment
  where ${matches(sql, filter)}
    and ${page.after ? sql`(created_at, id) < (${page.after.key}::timestamptz, ${page.after.id}::uuid)` : sql`true`}
  order by created_at desc, id desc
  limit ${page.limit + 1}`

export const countPayments = async (sql: Sql, filter: PaymentFilter) => {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from payment where ${matches(sql, filter)}`
  return row?.count ?? 0
}

export type NewPayment = Pick<
  PaymentRow,
  | 'bookingId'
  | 'clientId'
  | 'amount'
  | 'currency'
  | 'description'
  | 'locale'
  | 'holdExpiresAt'
  | 'createdAt'
> & { coachId: string; nextCheckAt: Date }

/** The live payment of the booking: this one, or the one that was there before. */
export async function beginPayment(sql: Sql, payment: NewPayment): Promise<PaymentRow | null> {
  await sql`
    insert into payment ${sql(payment)}
    on conflict (booking_id)
      where status in ('REQUIRES_ACTION', 'PROCESSING', 'SUCCEEDED', 'PARTIALLY_REFUNDED')
        and not is_surplus
      do nothing`
  const [live] = await sql<PaymentRow[]>`
    select ${columns(sql)}
    from payment
    where booking_id = ${payment.bookingId}::uuid
      and status in ('REQUIRES_ACTION', 'PROCESSING', 'SUCCEEDED', 'PARTIALLY_REFUNDED')
      and not is_surplus`
  return live ?? null
}

/** False when the payment was cancelled meanwhile: then nobody may be sent to that checkout. */
export async function keepCheckout(sql: Sql, id: string, started: StartedCheckout) {
  const kept = await sql`
    update payment
    set checkout_id = ${started.checkoutId}, checkout_url = ${started.url},
      checkout_expires_at = ${started.expiresAt}
    where id = ${id}::uuid
      and status = 'REQUIRES_ACTION'
      and (checkout_id is null or checkout_id = ${started.checkoutId})
    returning id`
  return kept.length > 0
}

/** Nobody else settles the payment until the transaction ends. Its reservation is locked before. */
export async function lockPayment(sql: Sql, id: string): Promise<PaymentRow | null> {
  const [payment] = await sql<PaymentRow[]>`
    select ${columns(sql)} from payment where id = ${id}::uuid for update`
  return payment ?? null
}

/** True when the booking has a live payment beside this one. */
export async function hasOtherLive(sql: Sql, { id, bookingId }: PaymentRow): Promise<boolean> {
  const [other] = await sql`
    select id from payment
    where booking_id = ${bookingId}::uuid
      and id <> ${id}::uuid
      and status in ('REQUIRES_ACTION', 'PROCESSING', 'SUCCEEDED', 'PARTIALLY_REFUNDED')
      and not is_surplus`
  return other !== undefined
}

export type Settled = {
  id: string
  status: PaymentStatus
  failureCode: string | null
  checkoutId: string | null
  intentId: string | null
  isSurplus?: boolean
}

/** Expects the row to be locked by `lockPayment`. What is settled needs no look any more. */
export const updatePayment = (sql: Sql, settled: Settled) => sql`
  update payment
  set status = ${settled.status},
    failure_code = ${settled.failureCode},
    checkout_id = coalesce(checkout_id, ${settled.checkoutId}),
    intent_id = coalesce(intent_id, ${settled.intentId}),
    is_surplus = is_surplus or ${settled.isSurplus ?? false},
    next_check_at = case
      when ${settled.status} in ('REQUIRES_ACTION', 'PROCESSING') then next_check_at
    end
  where id = ${settled.id}::uuid`

/** Has the provider asked about the booking's payment now. */
export const checkSoon = (sql: Sql, bookingId: string, now: Date) => sql`
  update payment
  set next_check_at = ${now}, checks = 0
  where booking_id = ${bookingId}::uuid and status in ('REQUIRES_ACTION', 'PROCESSING')`

/** Which payment an event of the provider is about; null for none of ours. */
export async function paymentBehind(
  sql: Sql,
  named: { paymentId: string | null; checkoutId: string | null; intentId: string | null },
): Promise<PaymentRow | null> {
  const [payment] = await sql<PaymentRow[]>`
    select ${columns(sql)}
    from payment
    where id = ${named.paymentId}::uuid
      or checkout_id = ${named.checkoutId}
      or intent_id = ${named.intentId}
    order by id = ${named.paymentId}::uuid desc nulls last
    limit 1`
  return payment ?? null
}

/** One payment that is due for a look, with its next look noted; others may claim the next one meanwhile. */
export async function claimCheck(
  sql: Sql,
  now: Date,
  next: (checks: number) => Date,
): Promise<PaymentRow | null> {
  const [due] = await sql<PaymentRow[]>`
    select ${columns(sql)}
    from payment
    where next_check_at <= ${now}
    order by next_check_at
    limit 1
    for update skip locked`
  if (!due) return null
  await sql`
    update payment
    set next_check_at = ${next(due.checks)}, checks = checks + 1
    where id = ${due.id}::uuid`
  return due
}

/** The paid payment of a booking that counts, locked until the transaction ends; null when there is none. */
export async function paidOf(sql: Sql, bookingId: string): Promise<PaymentRow | null> {
  const [payment] = await sql<PaymentRow[]>`
    select ${columns(sql)}
    from payment
    where booking_id = ${bookingId}::uuid
      and status in ('SUCCEEDED', 'PARTIALLY_REFUNDED')
      and not is_surplus
    for update`
  return payment ?? null
}
