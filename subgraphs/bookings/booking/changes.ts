import type { Json, Sql } from '#kit/postgres'
import type { Interval } from '../availability/windows.ts'
import { rangeOf } from '../session/queries.ts'
import type { BookingRow } from './queries.ts'
import type { BookingStatus } from './rules.ts'

/** A booking with what every event of it says, as the change has left it. */
export type ChangedBooking = {
  readonly id: string
  readonly facts: { readonly [key: string]: Json }
}

const changed = (sql: Sql) => sql`booking.id, booking_facts(booking) as facts`

/** A statement about a locked row, by its key, has one. */
function theOne([booking]: readonly ChangedBooking[]): ChangedBooking {
  if (!booking) throw new Error('A booking that was there has gone.')
  return booking
}

/** Ends the holds that are past their end: of one coach and one client, or of everybody (null). */
export const expireHolds = (
  sql: Sql,
  at: Date,
  of: { coachId: string; clientId: string | null } | null,
) => sql<ChangedBooking[]>`
  select id, facts
  from expire_holds(${at}, ${of?.coachId ?? null}::uuid, ${of?.clientId ?? null}::uuid)`

export type NewBooking = Pick<
  BookingRow,
  | 'reference'
  | 'sessionId'
  | 'serviceId'
  | 'coachId'
  | 'clientId'
  | 'seats'
  | 'cancelNoticeMinutes'
  | 'refundSteps'
  | 'priceMinor'
  | 'currency'
  | 'createdAt'
> & { during: Interval; holdExpiresAt: Date }

/**
 * The held booking. Violates `coach_not_twice`, `client_not_twice` or `seats_in_capacity` when it may
 * not be.
 */
export async function insertBooking(sql: Sql, booking: NewBooking): Promise<ChangedBooking> {
  const { during, ...rest } = booking
  const inserted = await sql<ChangedBooking[]>`
    insert into booking (
      reference, session_id, service_id, coach_id, client_id, during, seats, status,
      hold_expires_at, cancel_notice_minutes, refund_steps, price_minor, currency, created_at
    )
    values (
      ${rest.reference}, ${rest.sessionId}, ${rest.serviceId}, ${rest.coachId}, ${rest.clientId},
      ${rangeOf(sql, during)}, ${rest.seats}, 'HELD', ${rest.holdExpiresAt},
      ${rest.cancelNoticeMinutes}, ${sql.json(rest.refundSteps)}, ${rest.priceMinor},
      ${rest.currency}, ${rest.createdAt}
    )
    returning ${changed(sql)}`
  return theOne(inserted)
}

export type StatusChange = {
  id: string
  status: BookingStatus
  holdExpiresAt?: Date
  cancelReason?: string | null
}

/** Expects the row to be locked by `lockBooking`, and the change to be one of `transitions`. */
export async function updateStatus(
  sql: Sql,
  { id, status, holdExpiresAt, cancelReason }: StatusChange,
): Promise<ChangedBooking> {
  return theOne(
    await sql<ChangedBooking[]>`
      update booking
      set status = ${status},
        hold_expires_at = coalesce(${holdExpiresAt ?? null}, hold_expires_at),
        cancel_reason = ${cancelReason ?? null},
        version = version + 1
      where id = ${id}::uuid
      returning ${changed(sql)}`,
  )
}

/**
 * Confirms a booking whose hold is over, in its session or in the one that has taken its place. Violates
 * `coach_not_twice`, `client_not_twice` or `seats_in_capacity` when the slot is gone.
 */
export const seatAgain = async (sql: Sql, { id, sessionId }: { id: string; sessionId: string }) =>
  theOne(
    await sql<ChangedBooking[]>`
      update booking
      set session_id = ${sessionId}, status = 'CONFIRMED', version = version + 1
      where id = ${id}::uuid
      returning ${changed(sql)}`,
  )

export type Move = Pick<BookingRow, 'id' | 'sessionId' | 'refundSteps'> & {
  readonly during: Interval
}

/** To another session of the service, in one step. Violates the same constraints as `insertBooking`. */
export const moveBooking = async (sql: Sql, { id, sessionId, during, refundSteps }: Move) =>
  theOne(
    await sql<ChangedBooking[]>`
      update booking
      set session_id = ${sessionId}, during = ${rangeOf(sql, during)},
        refund_steps = ${sql.json(refundSteps)}, reschedules = reschedules + 1, version = version + 1
      where id = ${id}::uuid
      returning ${changed(sql)}`,
  )

/** Nothing changes but what is known of the payment; the change of status that follows raises the version. */
export const keepPayment = (
  sql: Sql,
  payment: { bookingId: string; paymentId: string; amount: number },
) => sql`
  update booking
  set payment_id = ${payment.paymentId}, paid_minor = ${payment.amount}, refunded_minor = 0
  where id = ${payment.bookingId}::uuid and payment_id is distinct from ${payment.paymentId}::uuid`

/** Null when nothing is new. Less than before is what a bank has sent back: it is owed again. */
export async function keepRefund(
  sql: Sql,
  payment: { paymentId: string; bookingId: string; refunded: number },
): Promise<ChangedBooking | null> {
  const [booking] = await sql<ChangedBooking[]>`
    update booking
    set refunded_minor = least(${payment.refunded}, paid_minor), version = version + 1
    where id = ${payment.bookingId}::uuid
      and payment_id = ${payment.paymentId}::uuid
      and refunded_minor <> least(${payment.refunded}, paid_minor)
    returning ${changed(sql)}`
  return booking ?? null
}

export const changedByIds = (sql: Sql, ids: readonly string[]) => sql<ChangedBooking[]>`
  select ${changed(sql)}
  from booking
  where id = any(${[...ids]}::uuid[])`
