import type { Page } from '#kit/connection'
import type { Sql } from '#kit/postgres'

export type DeliveryStatus = 'PROCESSED' | 'IGNORED' | 'FAILED'

/** What an event of the provider is about, by ids. */
export type Subject = {
  type: string
  paymentId: string | null
  checkoutId: string | null
  intentId: string | null
  stripeRefundId: string | null
}

export type DeliveryRow = Subject & {
  id: string
  provider: string
  eventId: string
  status: DeliveryStatus
  attempts: number
  lastError: string | null
  receivedAt: Date
}

const columns = (sql: Sql) => sql`
  id, provider, event_id, type, payment_id, checkout_id, intent_id, stripe_refund_id, status, attempts,
  last_error, received_at`

export const deliveriesByIds = (sql: Sql, ids: readonly string[]) => sql<DeliveryRow[]>`
  select ${columns(sql)}
  from webhook_event
  where id = any(${[...ids]}::uuid[])`

/** Newest first; one row more than the page holds. */
export const deliveriesPage = (sql: Sql, page: Page) => sql<DeliveryRow[]>`
  select ${columns(sql)}
  from webhook_event
  where ${page.after ? sql`(received_at, id) < (${page.after.key}::timestamptz, ${page.after.id}::uuid)` : sql`true`}
  order by received_at desc, id desc
  limit ${page.limit + 1}`

export async function countDeliveries(sql: Sql) {
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from webhook_event`
  return row?.count ?? 0
}

export type NewDelivery = Subject & {
  provider: string
  eventId: string
  status: DeliveryStatus
  receivedAt: Date
}

/** False when the event was handled before, or is handled at the same time by whoever came first. */
export async function claimDelivery(sql: Sql, delivery: NewDelivery): Promise<boolean> {
  const claimed = await sql`
    insert into webhook_event ${sql(delivery)}
    on conflict (provider, event_id) do update
    set status = excluded.status, attempts = webhook_event.attempts + 1, last_error = null
    where webhook_event.status = 'FAILED'
    returning id`
  return claimed.length > 0
}

/** Keeps that an event could not be handled; one that was handled meanwhile stays so. */
export const noteFailure = (
  sql: Sql,
  delivery: Omit<NewDelivery, 'status'> & { lastError: string },
) => sql`
  insert into webhook_event ${sql({ ...delivery, status: 'FAILED' })}
  on conflict (provider, event_id) do update
  set attempts = webhook_event.attempts + 1, last_error = excluded.last_error
  where webhook_event.status = 'FAILED'`

/** True for an event that needs nothing any more. */
export async function isHandled(
  sql: Sql,
  { provider, eventId }: Pick<NewDelivery, 'provider' | 'eventId'>,
) {
  const [known] = await sql`
    select id from webhook_event
    where provider = ${provider} and event_id = ${eventId} and status <> 'FAILED'`
  return known !== undefined
}

export const noteReplay = (sql: Sql, id: string, status: DeliveryStatus) => sql`
  update webhook_event
  set status = ${status}, attempts = attempts + 1, last_error = null
  where id = ${id}::uuid`
