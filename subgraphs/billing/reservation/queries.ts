import type { Json, Sql } from '#kit/postgres'
import type { ReservationState } from './rules.ts'

export type ReservationRow = {
  bookingId: string
  serviceId: string
  coachId: string
  clientId: string
  serviceName: Readonly<Record<string, string>>
  /** Null with its currency: free. */
  amount: number | null
  currency: string | null
  holdExpiresAt: Date
  /** As bookings last told. */
  state: ReservationState
  version: number
}

const columns = (sql: Sql) => sql`
  booking_id, service_id, coach_id, client_id, service_name, amount, currency, hold_expires_at, state,
  version`

/** True once bookings has told of a booking that the caller may see. */
export async function knowsReservation(sql: Sql, bookingId: string): Promise<boolean> {
  const [row] = await sql`select booking_id from reservation where booking_id = ${bookingId}::uuid`
  return row !== undefined
}

/**
 * The reservation, which does not change until the transaction ends: taken before its payments, always in this
 * order. Null for a booking that the caller does not pay for.
 */
export async function lockReservation(sql: Sql, bookingId: string): Promise<ReservationRow | null> {
  const [row] = await sql<ReservationRow[]>`
    select ${columns(sql)} from reservation
    where booking_id = ${bookingId}::uuid
    for update`
  return row ?? null
}

export async function reservationOf(sql: Sql, bookingId: string): Promise<ReservationRow | null> {
  const [row] = await sql<ReservationRow[]>`
    select ${columns(sql)} from reservation where booking_id = ${bookingId}::uuid`
  return row ?? null
}

/** Keeps what bookings told, unless it has told of a later version before. What a booking costs never changes. */
export const keepReservation = (sql: Sql, row: ReservationRow) => sql`
  insert into reservation
    ${sql({ ...row, serviceName: sql.json(row.serviceName as Json) })}
  on conflict (booking_id) do update
  set state = excluded.state, hold_expires_at = excluded.hold_expires_at, version = excluded.version
  where reservation.version < excluded.version`
