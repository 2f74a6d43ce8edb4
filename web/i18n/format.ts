/** Everything a person reads about time goes through here, in their language and in a named zone. */

const cache = new Map<string, Intl.DateTimeFormat>()

function formatter(tag: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${tag} ${JSON.stringify(options)}`
  const known = cache.get(key) ?? new Intl.DateTimeFormat(tag, options)
  cache.set(key, known)
  return known
}

export type Place = { tag: string; timeZone: string }

const styles = {
  time: { minute: '2-digit' },
  day: { weekday: 'long', day: 'numeric', month: 'long' },
  shortDay: { weekday: 'short', day: 'numeric', month: 'short' },
  fullDay: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  moment: { weekday: 'short', day: 'numeric', month: 'short', minute: '2-digit' },
  weekday: { weekday: 'long' },
  month: { month: 'short' },
  monthName: { month: 'long' },
  dayNumber: { day: 'numeric' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

const timed: ReadonlySet<string> = new Set(['time', 'moment'])

/** Nine is 09:00 on a clock of 24 hours, alone as in a range, and 9:00 am on one of twelve. */
const hourOf = (tag: string) =>
  formatter(tag, { hour: 'numeric' }).resolvedOptions().hour12 ? 'numeric' : '2-digit'

const optionsOf = (style: keyof typeof styles, { tag, timeZone }: Place) => ({
  ...styles[style],
  ...(timed.has(style) && ({ hour: hourOf(tag) } as const)),
  timeZone,
})

/** French says the first of a month as an ordinal; Intl does not. */
const ordinal = (text: string, tag: string): string =>
  tag.startsWith('fr') ? text.replace(/(?<!\S)1(?= \p{L}{3})/u, '1er') : text

export const formatInstant = (instant: string, style: keyof typeof styles, place: Place): string =>
  ordinal(formatter(place.tag, optionsOf(style, place)).format(new Date(instant)), place.tag)

/** A calendar date such as 2026-11-24, which has no zone. */
export const formatDate = (date: string, style: keyof typeof styles, tag: string): string =>
  formatInstant(`${date}T00:00:00Z`, style, { tag, timeZone: 'UTC' })

export const formatRange = (start: string, end: string, place: Place): string =>
  formatter(place.tag, optionsOf('time', place)).formatRange(new Date(start), new Date(end))

/** 2026-11-24, as the clock on the wall shows it in that zone. */
export const localDateOf = (instant: string | number, timeZone: string): string =>
  formatter('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone }).format(
    new Date(instant),
  )

export const visitorZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

const offsetAt = (timeZone: string, instant: number): string | undefined =>
  formatter('en', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(instant)
    .find(({ type }) => type === 'timeZoneName')?.value

/** True when clocks in both zones show the same time at that instant. */
export const sameTime = (one: string, other: string, instant: number): boolean =>
  one === other || offsetAt(one, instant) === offsetAt(other, instant)

/** "Paris (GMT+1)": the offset is the one in force at `instant`. */
export function zoneLabel(timeZone: string, tag: string, instant: number): string {
  if (timeZone === 'UTC') return timeZone
  const city = timeZone.split('/').at(-1)?.replaceAll('_', ' ') ?? timeZone
  const parts = formatter(tag, { timeZone, timeZoneName: 'shortOffset' }).formatToParts(instant)
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value
  return offset ? `${city} (${offset})` : city
}

const iso8601 = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+S)?)?$/

/** Minutes of an ISO 8601 duration such as PT45M or P2DT12H; 0 for one it cannot read. */
export function minutesOf(duration: string): number {
  const [, weeks, days, hours, minutes] = iso8601.exec(duration) ?? []
  const number = (text: string | undefined): number => Number(text ?? 0)
  return ((number(weeks) * 7 + number(days)) * 24 + number(hours)) * 60 + number(minutes)
}

export const durationFrom = (minutes: number): string => `PT${minutes}M`

const unit = (value: number, name: 'minute' | 'hour' | 'day', tag: string): string =>
  new Intl.NumberFormat(tag, {
    style: 'unit',
    unit: name,
    unitDisplay: name === 'day' ? 'long' : 'short',
  }).format(value)

/** "45 min", "1 h 30 min", "2 days". */
export function formatMinutes(minutes: number, tag: string): string {
  if (minutes >= 2_880 && minutes % 1_440 === 0) return unit(minutes / 1_440, 'day', tag)
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  const parts = [hours > 0 && unit(hours, 'hour', tag), rest > 0 && unit(rest, 'minute', tag)]
  return parts.filter(Boolean).join(' ') || unit(0, 'minute', tag)
}

export const formatDuration = (duration: string, tag: string): string =>
  formatMinutes(minutesOf(duration), tag)

/** How many digits the smallest unit of a currency has: 2 for EUR, 0 for JPY. */
export const minorDigits = (currency: string, tag: string): number =>
  new Intl.NumberFormat(tag, { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits ?? 2

/** "60 €", "60,50 €": cents only when there are some; the currency says how many digits a minor unit has. */
export function formatMoney(money: { amount: number; currency: string }, tag: string): string {
  const { amount, currency } = money
  const digits = minorDigits(currency, tag)
  const whole = amount % 10 ** digits === 0
  return new Intl.NumberFormat(tag, {
    style: 'currency',
    currency,
    ...(whole && { minimumFractionDigits: 0 }),
  }).format(amount / 10 ** digits)
}

export const formatPercent = (percent: number, tag: string): string =>
  new Intl.NumberFormat(tag, { style: 'percent' }).format(percent / 100)

/** 9:05, and 1:02:03 beyond an hour; 0:00 once it is over. */
export function formatCountdown(remainingMs: number): string {
  const seconds = Math.max(0, Math.ceil(remainingMs / 1_000))
  const pad = (value: number): string => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3_600)
  const minutes = Math.floor(seconds / 60) % 60
  const head = hours > 0 ? `${hours}:${pad(minutes)}` : String(minutes)
  return `${head}:${pad(seconds % 60)}`
}

/** A code that no language can have, as an address may carry it, is its own name. */
export function languageName(code: string, tag: string): string {
  try {
    const name = new Intl.DisplayNames(tag, { type: 'language', fallback: 'code' }).of(code) ?? code
    return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1)
  } catch {
    return code
  }
}
