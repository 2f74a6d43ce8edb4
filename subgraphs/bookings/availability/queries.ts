import type { Json, Sql } from '#kit/postgres'
import type { HoursInput } from './rules.ts'
import type { Hours, HoursException, HoursRule, LocalRange } from './windows.ts'

export type CalendarRow = { coachId: string; timeZone: string; version: number }
export type RuleRow = HoursRule & { id: string; coachId: string }
export type ExceptionRow = HoursException & { id: string; coachId: string; closed: boolean }

/** A coach's hours as they are kept. `version` 0: there is a calendar, and no hours were ever set. */
export type AvailabilityRow = CalendarRow & {
  hours: Hours
  rules: readonly RuleRow[]
  exceptions: readonly ExceptionRow[]
}

const calendars = (sql: Sql, coachIds: readonly string[]) => sql<CalendarRow[]>`
  select coach_id, time_zone, version
  from coach_calendar
  where coach_id = any(${[...coachIds]}::uuid[])`

const rules = (sql: Sql, coachIds: readonly string[]) => sql<RuleRow[]>`
  select id, coach_id, rrule, to_char(start_local, 'HH24:MI') as start_local, minutes,
    valid_from, valid_to
  from availability_rule
  where coach_id = any(${[...coachIds]}::uuid[])
  order by id`

const exceptions = (sql: Sql, coachIds: readonly string[]) => sql<ExceptionRow[]>`
  select id, coach_id, day as date, closed, ranges
  from availability_exception
  where coach_id = any(${[...coachIds]}::uuid[])
  order by day`

/** Three statements for any number of coaches. */
export async function availabilitiesOf(
  sql: Sql,
  coachIds: readonly string[],
): Promise<AvailabilityRow[]> {
  const [calendarRows, ruleRows, exceptionRows] = await Promise.all([
    calendars(sql, coachIds),
    rules(sql, coachIds),
    exceptions(sql, coachIds),
  ])
  const rulesOf = Map.groupBy(ruleRows, ({ coachId }) => coachId)
  const exceptionsOf = Map.groupBy(exceptionRows, ({ coachId }) => coachId)
  return calendarRows.map((calendar) => {
    const own = {
      rules: rulesOf.get(calendar.coachId) ?? [],
      exceptions: exceptionsOf.get(calendar.coachId) ?? [],
    }
    return { ...calendar, ...own, hours: { timeZone: calendar.timeZone, ...own } }
  })
}

/** Makes sure that the coach has a calendar. */
export const insertCalendar = (sql: Sql, coachId: string) => sql`
  insert into coach_calendar (coach_id)
  values (${coachId}::uuid)
  on conflict do nothing`

/** False when the hours have another version by now. */
export async function updateCalendar(
  sql: Sql,
  change: { coachId: string; timeZone: string; expectedVersion: number },
): Promise<boolean> {
  const { count } = await sql`
    update coach_calendar
    set time_zone = ${change.timeZone}, version = version + 1
    where coach_id = ${change.coachId}::uuid and version = ${change.expectedVersion}`
  return count === 1
}

const storedRanges = (sql: Sql, ranges: readonly LocalRange[]) =>
  // Pairs of strings are JSON; the driver's type asks for an index signature.
  sql.json(ranges.map(({ start, end }) => ({ start, end })) as Json)

/** Puts these rules and exceptions in the place of all that were there. */
export async function replaceHours(sql: Sql, coachId: string, hours: HoursInput): Promise<void> {
  await sql`delete from availability_rule where coach_id = ${coachId}::uuid`
  await sql`delete from availability_exception where coach_id = ${coachId}::uuid`
  const ruleRows = hours.rules.map(({ rrule, startLocal, minutes, validFrom, validTo }) => ({
    coachId,
    rrule,
    startLocal,
    minutes,
    validFrom,
    validTo,
  }))
  if (ruleRows.length > 0) await sql`insert into availability_rule ${sql(ruleRows)}`
  const exceptionRows = hours.exceptions.map(({ date, closed, ranges }) => ({
    coachId,
    day: date,
    closed,
    ranges: storedRanges(sql, ranges),
  }))
  if (exceptionRows.length > 0) await sql`insert into availability_exception ${sql(exceptionRows)}`
}
