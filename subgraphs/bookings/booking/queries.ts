import type { Page } from '#kit/connection'
import type { Sql } from '#kit/postgres'
import type { Interval } from '../availability/windows.ts'
import type { RefundStep } from '../cancellation/rules.ts'
import { rangeOf } from '../session/queries.ts'
import type { BookingStatus } from './rules.ts'

export type BookingRow = {
  id: string
  reference: string
  sessionId: string
  serviceId: string
  coachId: string
  clientId: string
  seats: number
  startsAt: Date
  endsAt: Date
  timeZone: string
  /** As stored: `statusAt` tells what it is at an instant. */
  status: BookingStatus
  holdExpiresAt: Date | null
  cancelNoticeMinutes: number
  refundSteps: readonly RefundStep[]
  /** All seats, as held; null when free. */
  priceMinor: number | null
  currency: string | null
  paymentId: string | null
  paidMinor: number
  refundedMinor: number
  reschedules: number
  version: number
  createdAt: Date
}

/** All given parts must hold. `now` decides whether a hold still is one. */
export type BookingFilter = {
  status: readonly BookingStatus[] | null
  from: Date | null
  to: Date | null
  serviceId: string | null
  now: Date
}

// Row-level security decides which rows a caller sees in every query of this file; a list also
// names whose it is, since no index serves a policy.
const columns = (sql: Sql) => sql`
  booking.id, reference, session_id, booking.service_id, booking.coach_id, client_id, seats,
  lower(booking.during) as starts_at, upper(booking.during) as ends_at, session.time_zone,
  booking.status, booking.hold_expires_at, cancel_notice_minutes, refund_steps, price_minor, currency,
  payment_id, paid_minor, refunded_minor, reschedules, booking.version, created_at`

const source = (sql: Sql) => sql`booking join session on session.id = session_id`

export const bookingsByIds = (sql: Sql, ids: readonly string[]) => sql<BookingRow[]>`
  select ${columns(sql)}
  from ${source(sql)}
  where booking.id = any(${[...ids]}::uuid[])`

const statusMatches = (sql: Sql, { status, now }: BookingFilter) =>
  status === null
    ? sql`true`
    : sql`(case when booking.status = 'HELD' and booking.hold_expires_at <= ${now}
        then 'EXPIRED' else booking.status end)::text = any(${[...status]}::text[])`

const matches = (sql: Sql, filter: BookingFilter) => sql`
  ${statusMatches(sql, filter)}
    and ${filter.from ? sql`upper(booking.during) > ${filter.from}` : sql`true`}
    and ${filter.to ? sql`lower(booking.during) < ${filter.to}` : sql`true`}
    and ${filter.serviceId ? sql`booking.service_id = ${filter.serviceId}::uuid` : sql`true`}`

/** By start; the same names as in the schema. */
export type BookingOrder = 'NEWEST_FIRST' | 'NEAREST_FIRST'

/** Which bookings a list has, and in which order. */
export type BookingList = {
  readonly page: Page
  readonly filter: BookingFilter
  readonly order: BookingOrder
}

const afterCursor = (sql: Sql, { page: { after }, order }: BookingList) =>
  after
    ? sql`(lower(booking.during), booking.id)
        ${order === 'NEWEST_FIRST' ? sql`<` : sql`>`}
        (${after.key}::timestamptz, ${after.id}::uuid)`
    : sql`true`

const direction = (sql: Sql, { order }: Pick<BookingList, 'order'>) =>
  order === 'NEWEST_FIRST' ? sql`desc` : sql`asc`

type Share = { readonly as: 'client' | 'only coach'; readonly personId: string }

/** Of bookings with oneself there is but one: that of the client. */
const isOf = (sql: Sql, share: Share | null) => {
  if (share === null) return sql`true`
  const { as, personId } = share
  return as === 'client'
    ? sql`client_id = ${personId}::uuid`
    : sql`booking.coach_id = ${personId}::uuid and client_id <> ${personId}::uuid`
}

const pageOf = (sql: Sql, list: BookingList, share: Share | null) => sql`
  select ${columns(sql)}
  from ${source(sql)}
  where ${isOf(sql, share)} and ${matches(sql, list.filter)} and ${afterCursor(sql, list)}
  order by lower(booking.during) ${direction(sql, list)}, booking.id ${direction(sql, list)}
  limit ${list.page.limit + 1}`

/** The bookings of everybody, by start; one row more than the page holds. */
export const bookingsPage = (sql: Sql, list: BookingList) => sql<BookingRow[]>`
  ${pageOf(sql, list, null)}`

/** The same of one person, whichever side of a booking they are: each side by its own index. */
export const ownBookingsPage = (sql: Sql, list: BookingList, personId: string) => sql<BookingRow[]>`
  select *
  from (
    (${pageOf(sql, list, { as: 'client', personId })})
    union all
    (${pageOf(sql, list, { as: 'only coach', personId })})
  ) as own
  order by starts_at ${direction(sql, list)}, id ${direction(sql, list)}
  limit ${list.page.limit + 1}`

const countOf = async (sql: Sql, filter: BookingFilter, share: Share | null) => {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from booking where ${isOf(sql, share)} and ${matches(sql, filter)}`
  return row?.count ?? 0
}

export const countBookings = (sql: Sql, filter: BookingFilter) => countOf(sql, filter, null)

export const countOwnBookings = async (sql: Sql, filter: BookingFilter, personId: string) => {
  const [asClient, onlyAsCoach] = await Promise.all([
    countOf(sql, filter, { as: 'client', personId }),
    countOf(sql, filter, { as: 'only coach', personId }),
  ])
  return asClient + onlyAsCoach
}

/** Whose list it is: bookings have a coach and a client. */
export type Side = 'coach' | 'client'

const sideColumn = (sql: Sql, side: Side) =>
  side === 'coach' ? sql`booking.coach_id` : sql`booking.client_id`

export type ListOfPeople = BookingList & { side: Side; personIds: readonly string[] }

/** The same page of each person's bookings, in one statement; `personId` tells whose a row is. */
export const bookingsOfPeople = (sql: Sql, { side, personIds, ...list }: ListOfPeople) => sql<
  (BookingRow & { personId: string })[]
>`
  select person.id as person_id, listed.*
  from unnest(${[...personIds]}::uuid[]) as person (id)
  cross join lateral (
    select ${columns(sql)}
    from ${source(sql)}
    where ${sideColumn(sql, side)} = person.id
      and ${matches(sql, list.filter)}
      and ${afterCursor(sql, list)}
    order by lower(booking.during) ${direction(sql, list)}, booking.id ${direction(sql, list)}
    limit ${list.page.limit + 1}
  ) as listed
  order by person.id, listed.starts_at ${direction(sql, list)}, listed.id ${direction(sql, list)}`

export const countBookingsOfPeople = (
  sql: Sql,
  { side, personIds, filter }: Omit<ListOfPeople, 'page' | 'order'>,
) => sql<{ personId: string; count: number }[]>`
  select ${sideColumn(sql, side)} as person_id, count(*)::int as count
  from booking
  where ${sideColumn(sql, side)} = any(${[...personIds]}::uuid[]) and ${matches(sql, filter)}
  group by 1`

/** Live bookings of a coach that start after `now`, earliest first. */
export const upcomingOfCoach = (
  sql: Sql,
  { coachId, now, limit }: { coachId: string; now: Date; limit: number },
) => sql<BookingRow[]>`
  select ${columns(sql)}
  from ${source(sql)}
  where booking.coach_id = ${coachId}::uuid
    and lower(booking.during) > ${now}
    and (booking.status in ('PENDING_CONFIRMATION', 'CONFIRMED')
      or (booking.status = 'HELD' and booking.hold_expires_at > ${now}))
  order by lower(booking.during), booking.id
  limit ${limit}`

/** Holds of a client that are not over. Every expired one must have been ended before. */
export const heldByClient = (sql: Sql, clientId: string) => sql<BookingRow[]>`
  select ${columns(sql)}
  from ${source(sql)}
  where client_id = ${clientId}::uuid and booking.status = 'HELD'
  order by booking.hold_expires_at`

/** True when the client already has something at that time, beside one booking of theirs. */
export async function isClientBusy(
  sql: Sql,
  { clientId, during, besideId }: { clientId: string; during: Interval; besideId?: string },
): Promise<boolean> {
  const [found] = await sql`
    select true as busy
    from booking
    where client_id = ${clientId}::uuid
      and during && ${rangeOf(sql, during)}
      and id is distinct from ${besideId ?? null}::uuid
      and status in ('HELD', 'PENDING_CONFIRMATION', 'CONFIRMED', 'IN_PROGRESS')
    limit 1`
  return found !== undefined
}

/** One booking that nobody else changes until the transaction ends; null when the caller may not see or change it. */
export async function lockBooking(sql: Sql, id: string): Promise<BookingRow | null> {
  // Read once it is locked: whoever had it may have moved it to another session.
  await sql`select id from booking where id = ${id}::uuid for update`
  const [booking] = await bookingsByIds(sql, [id])
  return booking ?? null
}
