import type { Page } from '#kit/connection'
import type { Money } from '#kit/money'
import type { Json, Sql } from '#kit/postgres'
import type { RefundStep } from '../cancellation/rules.ts'
import type { ServiceTerms } from './rules.ts'

export type ServiceRow = ServiceTerms & {
  id: string
  coachId: string
  refundSteps: readonly RefundStep[]
  version: number
  archivedAt: Date | null
}

const columns = (sql: Sql) => sql`
  service.id, service.coach_id, name, description, location, minutes, step_minutes, capacity,
  buffer_before_minutes, buffer_after_minutes, notice_minutes, horizon_days, cancel_notice_minutes,
  refund_steps, service.version, archived_at`

/** Archived ones too: a booking keeps its service. */
export const servicesByIds = (sql: Sql, ids: readonly string[]) => sql<ServiceRow[]>`
  select ${columns(sql)}
  from service
  where id = any(${[...ids]}::uuid[])`

/** Services on offer, oldest first: of one coach, or of all. One row more than the page holds. */
export const servicesPage = (sql: Sql, page: Page, coachId: string | null = null) => sql<
  ServiceRow[]
>`
  select ${columns(sql)}
  from service
  where archived_at is null
    and ${coachId ? sql`coach_id = ${coachId}::uuid` : sql`true`}
    and ${page.after ? sql`service.id > ${page.after.id}::uuid` : sql`true`}
  order by service.id
  limit ${page.limit + 1}`

/** The same page of each coach, in one statement. */
export const servicesOfCoaches = (sql: Sql, page: Page, coachIds: readonly string[]) => sql<
  ServiceRow[]
>`
  select offered.*
  from unnest(${[...coachIds]}::uuid[]) as coach (id)
  cross join lateral (
    select ${columns(sql)}
    from service
    where coach_id = coach.id
      and archived_at is null
      and ${page.after ? sql`service.id > ${page.after.id}::uuid` : sql`true`}
    order by service.id
    limit ${page.limit + 1}
  ) as offered
  order by coach_id, offered.id`

/** Every service on offer of these coaches. */
export const offeredServices = (sql: Sql, coachIds: readonly string[]) => sql<ServiceRow[]>`
  select ${columns(sql)}
  from service
  where coach_id = any(${[...coachIds]}::uuid[]) and archived_at is null
  order by id`

export const countServices = async (sql: Sql, coachId: string) => {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from service where coach_id = ${coachId}::uuid`
  return row?.count ?? 0
}

const written = (sql: Sql, terms: ServiceTerms) => ({
  ...terms,
  // A plain object of strings is JSON; the driver's type asks for an index signature.
  name: sql.json(terms.name as Json),
  description: sql.json(terms.description as Json),
})

/** Null for another coach's service. A change of terms ends every slot token that named the old ones. */
export async function updateService(
  sql: Sql,
  change: { id: string; coachId: string; terms: ServiceTerms; archivedAt: Date | null },
): Promise<ServiceRow | null> {
  const [service] = await sql<ServiceRow[]>`
    update service
    set ${sql(written(sql, change.terms))}, archived_at = ${change.archivedAt}, version = version + 1
    where id = ${change.id}::uuid and coach_id = ${change.coachId}::uuid
    returning ${columns(sql)}`
  return service ?? null
}

export async function insertService(
  sql: Sql,
  row: { coachId: string; terms: ServiceTerms; archivedAt: Date | null; createdAt: Date },
): Promise<ServiceRow> {
  const { terms, ...rest } = row
  const [service] = await sql<ServiceRow[]>`
    insert into service ${sql({ ...written(sql, terms), ...rest })}
    returning ${columns(sql)}`
  if (!service) throw new Error('An insert without conflict returned no service.')
  return service
}

/** What a seat of the service costs; null when it is free. */
export async function priceOf(sql: Sql, serviceId: string): Promise<Money | null> {
  const [price] = await sql<Money[]>`
    select amount_minor as amount, currency
    from service_price
    where service_id = ${serviceId}::uuid and amount_minor is not null`
  return price ?? null
}

export type NewPrice = {
  readonly serviceId: string
  readonly amount: number | null
  readonly currency: string | null
  readonly version: number
}

/** Keeps the newer price and ends the slot tokens of the older; one that was told before changes nothing. */
export const keepPrice = (sql: Sql, { serviceId, amount, currency, version }: NewPrice) => sql`
  with kept as (
    insert into service_price as known (service_id, amount_minor, currency, version)
    values (${serviceId}, ${amount}, ${currency}, ${version})
    on conflict (service_id) do update
    set amount_minor = excluded.amount_minor,
      currency = excluded.currency,
      version = excluded.version
    where known.version < excluded.version
    returning service_id
  )
  update service
  set version = service.version + 1
  from kept
  where service.id = kept.service_id`
