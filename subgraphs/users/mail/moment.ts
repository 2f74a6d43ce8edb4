export type Language = 'fr' | 'en'

export type Span = { readonly startsAt: string; readonly endsAt: string }
type Place = { readonly language: Language; readonly timeZone: string }

const tags: Readonly<Record<Language, string>> = { fr: 'fr-FR', en: 'en-GB' }

const clock = { hour: '2-digit', minute: '2-digit' } as const
const long = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', ...clock } as const
const short = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  ...clock,
} as const

const formatter = ({ language, timeZone }: Place, style: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(tags[language], { ...style, timeZone })

/** French says the first of a month as an ordinal; Intl does not. */
const ordinal = (text: string, language: Language) =>
  language === 'fr' ? text.replace(/(?<!\S)1(?= \p{L}{3})/gu, '1er') : text

/** The zone's city and its distance from UTC at that instant: `Paris, UTC+1`. */
function zoneAt(instant: Date, place: Place): string {
  const city = place.timeZone.split('/').at(-1)?.replaceAll('_', ' ') ?? place.timeZone
  const parts = formatter(place, { timeZoneName: 'shortOffset' }).formatToParts(instant)
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  return city === 'UTC' ? city : `${city}, ${offset}`
}

/** Day, both times and the zone they are in; a session over midnight names both days. */
export function spanText({ startsAt, endsAt }: Span, place: Place): string {
  const [start, end] = [new Date(startsAt), new Date(endsAt)]
  const times = formatter(place, long).formatRange(start, end)
  return `${ordinal(times, place.language)} (${zoneAt(start, place)})`
}

/** Short enough for a subject line. */
export const startText = ({ startsAt }: Span, place: Place): string =>
  ordinal(formatter(place, short).format(new Date(startsAt)), place.language)

/** An amount of minor units as people write it. */
export function moneyText(
  { amount, currency }: { amount: number; currency: string },
  language: Language,
): string {
  const format = new Intl.NumberFormat(tags[language], { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(amount / 10 ** digits)
}
