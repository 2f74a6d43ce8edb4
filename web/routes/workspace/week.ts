import { durationFrom, minutesOf } from '../../i18n/format.ts'
import type { OwnHours } from './query.ts'

export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
export type Weekday = (typeof weekdays)[number]

/** `id` tells rows apart while they are edited; it means nothing elsewhere. */
export type Range = { id: string; start: string; end: string }
export type Week = Record<Weekday, Range[]>

type Rule = OwnHours['rules'][number]
export type RuleDraft = Omit<Rule, 'id'>

const dayMinutes = 1_440
const weekly = /^FREQ=WEEKLY;BYDAY=([A-Z,]+)$/

const minutesAt = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

const timeAt = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

const daysOf = ({ rrule }: Rule): Weekday[] => {
  const [, days = ''] = weekly.exec(rrule) ?? []
  return weekdays.filter((day) => days.split(',').includes(day))
}

/** A plain weekly rule without an end; all others are kept as they are and not shown as hours. */
const isPlain = (rule: Rule): boolean =>
  weekly.test(rule.rrule) &&
  rule.validTo === null &&
  minutesAt(rule.startLocal) + minutesOf(rule.duration) <= dayMinutes

export const emptyWeek = (): Week => ({ MO: [], TU: [], WE: [], TH: [], FR: [], SA: [], SU: [] })

const rangeOf = ({ id, startLocal, duration }: Rule): Range => ({
  id,
  start: startLocal.slice(0, 5),
  end: timeAt(minutesAt(startLocal) + minutesOf(duration)),
})

/** The week that the rules describe, and the rules that an editor of weeks cannot show. */
export function weekFrom(rules: readonly Rule[]): { week: Week; others: RuleDraft[] } {
  const week = emptyWeek()
  for (const rule of rules.filter(isPlain))
    for (const day of daysOf(rule)) week[day].push(rangeOf(rule))
  for (const day of weekdays) week[day].sort((a, b) => minutesAt(a.start) - minutesAt(b.start))
  const others = rules.filter((rule) => !isPlain(rule)).map(({ id: _, ...rule }) => rule)
  return { week, others }
}

/** The fewest rules that give the week: days with the same range share one. */
export function rulesFrom(week: Week, validFrom: string): RuleDraft[] {
  const entries = weekdays.flatMap((day) => week[day].map((range) => ({ day, range })))
  const groups = Map.groupBy(entries, ({ range }) => `${range.start} ${range.end}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const { start, end } = first.range
    return {
      rrule: `FREQ=WEEKLY;BYDAY=${group.map(({ day }) => day).join(',')}`,
      startLocal: start,
      duration: durationFrom(minutesAt(end) - minutesAt(start)),
      validFrom,
      validTo: null,
    }
  })
}

/** True when a day's hours end after they begin and do not run into each other. */
export const isSound = (ranges: readonly Omit<Range, 'id'>[]): boolean => {
  const sorted = [...ranges].sort((a, b) => minutesAt(a.start) - minutesAt(b.start))
  return sorted.every(({ start, end }, index) => {
    const before = sorted[index - 1]
    return (
      minutesAt(start) < minutesAt(end) && (!before || minutesAt(before.end) <= minutesAt(start))
    )
  })
}

/** What a new range of a day starts with: an afternoon after a morning, an evening after that. */
export function nextRange(ranges: readonly Range[]): Range {
  const lastEnd = Math.max(0, ...ranges.map(({ end }) => minutesAt(end)))
  const start = lastEnd === 0 ? 9 * 60 : Math.min(lastEnd + 60, 22 * 60)
  return {
    id: crypto.randomUUID(),
    start: timeAt(start),
    end: timeAt(Math.min(start + 180, 23 * 60)),
  }
}
