import { RRuleTemporal } from 'rrule-temporal'

/** Epoch milliseconds; `end` is outside. */
export type Interval = { readonly start: number; readonly end: number }

/** Wall-clock HH:MM. An `end` of 00:00 is the midnight that ends the day. */
export type LocalRange = { readonly start: string; readonly end: string }

export type HoursRule = {
  readonly rrule: string
  readonly startLocal: string
  readonly minutes: number
  /** First and last calendar day, YYYY-MM-DD, both inside. */
  readonly validFrom: string
  readonly validTo: string | null
}

/** What holds on one day instead of the rules: no ranges when the day is closed. */
export type HoursException = { readonly date: string; readonly ranges: readonly LocalRange[] }

/** Everything that decides when a coach is open, in the coach's own wall time. */
export type Hours = {
  readonly timeZone: string
  readonly rules: readonly HoursRule[]
  readonly exceptions: readonly HoursException[]
}

export const minuteMs = 60_000
export const dayMs = 86_400_000

/** No window is longer, so one that touches a range began at most this long before it. */
export const windowMsMax = dayMs

/**
 * The instant of a wall-clock time. Null when a clock change skips that time; the first of the two when it
 * comes twice. Source: RFC 5545 sections 3.3.5 and 3.3.10.
 */
export function instantAt(date: string, time: string, timeZone: string): number | null {
  const wall = Temporal.PlainDateTime.from(`${date}T${time}`)
  const zoned = wall.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
  return zoned.toPlainDateTime().equals(wall) ? zoned.epochMilliseconds : null
}

const utcMidnight = (date: string) => Temporal.ZonedDateTime.from(`${date}T00:00[UTC]`)

/** The rule's series, counted in calendar days: clock changes have no say in which days it names. */
export const seriesFrom = (rrule: string, validFrom: string) =>
  new RRuleTemporal({ rruleString: rrule, dtstart: utcMidnight(validFrom), strict: true })

const later = (a: string, b: string) => (a > b ? a : b)
const earlier = (a: string, b: string) => (a < b ? a : b)

/** Days YYYY-MM-DD on which the rule opens, from `first` to `last`, both inside. */
export function daysOf(rule: HoursRule, first: string, last: string): string[] {
  const from = later(first, rule.validFrom)
  const to = rule.validTo === null ? last : earlier(last, rule.validTo)
  if (from > to) return []
  return seriesFrom(rule.rrule, rule.validFrom)
    .between(new Date(`${from}T00:00Z`), new Date(`${to}T00:00Z`), true)
    .map((day) => day.toPlainDate().toString())
}

const dayOf = (at: number, timeZone: string) =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate()

/** A rule lasts its duration in elapsed time (RFC 5545 section 3.3.6); a skipped start is no window at all. */
function ruleWindow(rule: HoursRule, date: string, timeZone: string): Interval[] {
  const start = instantAt(date, rule.startLocal, timeZone)
  return start === null ? [] : [{ start, end: start + rule.minutes * minuteMs }]
}

const dayAfter = (date: string) => Temporal.PlainDate.from(date).add({ days: 1 }).toString()

/** An exception's range, from wall time to wall time. Null when a clock change skips either end. */
export function rangeWindow(date: string, range: LocalRange, timeZone: string): Interval | null {
  const start = instantAt(date, range.start, timeZone)
  const end = instantAt(range.end === '00:00' ? dayAfter(date) : date, range.end, timeZone)
  return start === null || end === null || end <= start ? null : { start, end }
}

/**
 * When the coach is open, as instants: every window that touches the range, whole and by start. Windows may
 * overlap. Days are the coach's own; an exception replaces what the rules open on its day.
 */
export function windowsOf(hours: Hours, range: Interval): Interval[] {
  const { timeZone } = hours
  const first = dayOf(range.start - windowMsMax, timeZone).toString()
  const last = dayOf(range.end, timeZone).toString()
  const exceptions = hours.exceptions.filter(({ date }) => date >= first && date <= last)
  const excepted = new Set(exceptions.map(({ date }) => date))
  const regular = hours.rules.flatMap((rule) =>
    daysOf(rule, first, last)
      .filter((date) => !excepted.has(date))
      .flatMap((date) => ruleWindow(rule, date, timeZone)),
  )
  const special = exceptions.flatMap(({ date, ranges }) =>
    ranges.flatMap((local) => rangeWindow(date, local, timeZone) ?? []),
  )
  return [...regular, ...special]
    .filter(({ start, end }) => start < range.end && end > range.start)
    .sort((a, b) => a.start - b.start || a.end - b.end)
}

/** The same time as disjoint intervals: windows that touch or overlap become one. Expects them by start. */
export function merged(windows: readonly Interval[]): Interval[] {
  const whole: Interval[] = []
  for (const window of windows) {
    const last = whole.at(-1)
    if (!last || window.start > last.end) whole.push(window)
    else whole[whole.length - 1] = { start: last.start, end: Math.max(last.end, window.end) }
  }
  return whole
}
