import type { Sql } from '#kit/postgres'
import type { Interval } from '../availability/windows.ts'

export const rangeOf = (sql: Sql, { start, end }: Interval) =>
  sql`tstzrange(${new Date(start)}, ${new Date(end)})`

/**
 * Lines up everybody who wants something of one client or one coach, until the end of the transaction. The
 * constraints decide in any case; in a line nobody waits for each other crosswise, and the loser sees who won.
 */
export async function lineUp(
  sql: Sql,
  { clientId, coachId }: { clientId?: string; coachId: string },
): Promise<void> {
  const lock = (name: string) =>
    sql`select pg_advisory_xact_lock(hashtextextended(${`bookings.${name}`}, 0))`
  if (clientId !== undefined) await lock(`client.${clientId}`)
  await lock(`coach.${coachId}`)
}

export type NewSession = {
  coachId: string
  serviceId: string
  during: Interval
  busy: Interval
  timeZone: string
  capacity: number
}

/**
 * The id of a session that nobody is in yet: its first booking brings it to life, and violates
 * `coach_not_twice` when the coach is busy.
 */
export async function insertSession(sql: Sql, session: NewSession): Promise<string> {
  const { coachId, serviceId, timeZone, capacity } = session
  const [inserted] = await sql<{ id: string }[]>`
    insert into session (coach_id, service_id, during, busy, time_zone, capacity, status)
    values (
      ${coachId}, ${serviceId}, ${rangeOf(sql, session.during)}, ${rangeOf(sql, session.busy)},
      ${timeZone}, ${capacity}, 'EXPIRED'
    )
    returning id`
  if (!inserted) throw new Error('An insert without conflict returned no session.')
  return inserted.id
}

/** The live session of that service at exactly that time; null when there is none. */
export async function liveSession(
  sql: Sql,
  { serviceId, during }: Pick<NewSession, 'serviceId' | 'during'>,
): Promise<string | null> {
  const [session] = await sql<{ id: string }[]>`
    select id
    from session
    where service_id = ${serviceId}::uuid
      and during = ${rangeOf(sql, during)}
      and status in ('HELD', 'PENDING_CONFIRMATION', 'CONFIRMED')`
  return session?.id ?? null
}
