import { type UserError, userError } from '#kit/user-error'
import {
  type HoursRule,
  type LocalRange,
  merged,
  rangeWindow,
  seriesFrom,
  windowsOf,
} from './windows.ts'

export type ExceptionInput = { date: string; closed: boolean; ranges: readonly LocalRange[] }
export type HoursInput = {
  timeZone: string
  rules: readonly HoursRule[]
  exceptions: readonly ExceptionInput[]
}

type Fault = UserError<'ValidationError'>

export const rulesMax = 50
export const exceptionsMax = 400
const rangesMax = 12

/** Parts that name days. Times come from `startLocal`, an end from `validTo`. */
const recurrence =
  /^FREQ=(DAILY|WEEKLY|MONTHLY)(;(INTERVAL|BYDAY|BYMONTH|BYMONTHDAY|BYSETPOS|WKST)=[A-Z0-9,+-]+)*$/

const monthDay = /(?:^|;)BYMONTHDAY=([^;]+)/

/** The library clamps a 32nd of the month to another day instead of refusing it. */
const impossibleDay = (rrule: string) =>
  monthDay
    .exec(rrule)?.[1]
    ?.split(',')
    .some(
      (day) => !/^[+-]?\d{1,2}$/.test(day) || Number(day) === 0 || Math.abs(Number(day)) > 31,
    ) ?? false

/** What is wrong with a recurrence rule, in a sentence; null when nothing is. */
export function recurrenceFault(rrule: string, validFrom: string): string | null {
  if (rrule.length > 200 || !recurrence.test(rrule) || impossibleDay(rrule)) {
    return 'Send a rule of days without DTSTART, UNTIL or COUNT, for example FREQ=WEEKLY;BYDAY=MO,TU.'
  }
  try {
    return namesADay(seriesFrom(rrule, validFrom), validFrom) ? null : 'The rule names no day.'
  } catch (error) {
    return error instanceof Error ? `${error.message}.` : 'The rule cannot be read.'
  }
}

/** The library gives up, with an error, when it has looked for a day long enough. */
function namesADay(series: ReturnType<typeof seriesFrom>, validFrom: string): boolean {
  try {
    return series.next(new Date(`${validFrom}T00:00Z`), true) !== null
  } catch {
    return false
  }
}

const fault = (message: string, ...path: (string | number)[]): Fault =>
  userError('ValidationError', message, path.map(String))

function ruleFault(rule: HoursRule, index: number): Fault | null {
  const at = (message: string, part: string) => fault(message, 'rules', index, part)
  if (rule.minutes < 5 || rule.minutes > 1440) {
    return at('A rule opens for 5 minutes to 24 hours.', 'duration')
  }
  if (rule.validTo !== null && rule.validTo < rule.validFrom) {
    return at('validTo is before validFrom.', 'validTo')
  }
  const wrong = recurrenceFault(rule.rrule, rule.validFrom)
  return wrong === null ? null : at(wrong, 'rrule')
}

function exceptionFault(exception: ExceptionInput, index: number, zone: string): Fault | null {
  const { date, closed, ranges } = exception
  const at = (message: string) => fault(message, 'exceptions', index, 'ranges')
  if (closed !== (ranges.length === 0)) {
    return at('A closed day has no ranges; a day that is not closed has at least one.')
  }
  if (ranges.length > rangesMax) return at(`A day has at most ${rangesMax} ranges.`)
  const wrong = ranges.find((range) => rangeWindow(date, range, zone) === null)
  if (!wrong) return null
  return at(
    `${wrong.start} to ${wrong.end} is no range on ${date}: it ends before it starts, or the clock skips that hour.`,
  )
}

function repeatedDay(exceptions: readonly ExceptionInput[]): Fault | null {
  const index = exceptions.findIndex(
    ({ date }, at) => exceptions.findIndex((other) => other.date === date) < at,
  )
  return index < 0 ? null : fault('A day has one exception.', 'exceptions', index, 'date')
}

/** The first fault of the hours a coach sends, with its path; null when they can be kept. */
export function hoursFault({ timeZone, rules, exceptions }: HoursInput): Fault | null {
  if (rules.length > rulesMax) return fault(`Send at most ${rulesMax} rules.`, 'rules')
  if (exceptions.length > exceptionsMax) {
    return fault(`Send at most ${exceptionsMax} exceptions.`, 'exceptions')
  }
  return (
    firstFault(rules, ruleFault) ??
    firstFault(exceptions, (exception, index) => exceptionFault(exception, index, timeZone)) ??
    repeatedDay(exceptions)
  )
}

/** Looks no further than the first: a rule that names no day takes long to refuse. */
function firstFault<Item>(
  items: readonly Item[],
  faultOf: (item: Item, index: number) => Fault | null,
): Fault | null {
  for (const [index, item] of items.entries()) {
    const found = faultOf(item, index)
    if (found) return found
  }
  return null
}

type Timed = { readonly startsAt: Date; readonly endsAt: Date }

/** Those of the sessions that lie outside the hours, in part or whole. */
export function uncovered<Session extends Timed>(
  { timeZone, rules, exceptions }: HoursInput,
  sessions: readonly Session[],
): Session[] {
  const range = {
    start: Math.min(...sessions.map(({ startsAt }) => startsAt.getTime())),
    end: Math.max(...sessions.map(({ endsAt }) => endsAt.getTime())),
  }
  if (sessions.length === 0) return []
  const open = merged(windowsOf({ timeZone, rules, exceptions }, range))
  return sessions.filter(
    ({ startsAt, endsAt }) =>
      !open.some(({ start, end }) => start <= startsAt.getTime() && endsAt.getTime() <= end),
  )
}
