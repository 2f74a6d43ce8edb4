import type { Sql } from '#kit/postgres'
import type { Interval } from '../availability/windows.ts'
import { type BusySession, busyReachMs } from './rules.ts'

/** Instants as seconds since 1970: of thousands of rows, reading the Dates costs the most. */
type BusyRow = {
  coachId: string
  serviceId: string
  startsAt: number
  endsAt: number
  busyFrom: number
  busyUntil: number
  capacity: number
  seatsTaken: number
}

const between = (from: number, until: number): Interval => ({
  start: Math.round(from * 1_000),
  end: Math.round(until * 1_000),
})

const sessionFrom = (row: BusyRow): BusySession & { coachId: string } => ({
  coachId: row.coachId,
  serviceId: row.serviceId,
  during: between(row.startsAt, row.endsAt),
  busy: between(row.busyFrom, row.busyUntil),
  capacity: row.capacity,
  seatsTaken: row.seatsTaken,
})

/** What decides about starts in `range`: the sessions of these coaches as they are at `now`. */
export async function busySessions(
  sql: Sql,
  coachIds: readonly string[],
  { range, now }: { range: Interval; now: Date },
) {
  const from = new Date(range.start - busyReachMs)
  const until = new Date(range.end + busyReachMs)
  const rows = await sql<BusyRow[]>`
    select coach_id, service_id, capacity, seats_taken,
      date_part('epoch', starts_at) as starts_at, date_part('epoch', ends_at) as ends_at,
      date_part('epoch', busy_from) as busy_from, date_part('epoch', busy_until) as busy_until
    from busy_sessions(${[...coachIds]}::uuid[], tstzrange(${from}, ${until}), ${now})`
  return rows.map(sessionFrom)
}
