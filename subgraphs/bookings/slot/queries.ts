import type { Sql } from '#kit/postgres'
import type { Interval } from '../availability/windows.ts'
import { type BusySession, busyReachMs } from './rules.ts'

type BusyRow = {
  coachId: string
  serviceId: string
  startsAt: Date
  endsAt: Date
  busyFrom: Date
  busyUntil: Date
  capacity: number
  seatsTaken: number
}

const sessionFrom = (row: BusyRow): BusySession & { coachId: string } => ({
  coachId: row.coachId,
  serviceId: row.serviceId,
  during: { start: row.startsAt.getTime(), end: row.endsAt.getTime() },
  busy: { start: row.busyFrom.getTime(), end: row.busyUntil.getTime() },
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
    select coach_id, service_id, starts_at, ends_at, busy_from, busy_until, capacity, seats_taken
    from busy_sessions(${[...coachIds]}::uuid[], tstzrange(${from}, ${until}), ${now})`
  return rows.map(sessionFrom)
}
