import { GraphQLError } from 'graphql'

export type ScalarTypes = {
  ID: { Input: string; Output: string }
  DateTime: { Input: Date; Output: Date }
  Date: { Input: string; Output: string }
  LocalTime: { Input: string; Output: string }
  TimeZone: { Input: string; Output: string }
  /** ISO 8601 text outside, whole minutes inside. */
  Duration: { Input: number; Output: number }
  /** An integer count of the currency's smallest unit. */
  MinorUnits: { Input: number; Output: number }
}

type ScalarRow<Name extends keyof ScalarTypes> = {
  description: string
  example: string | number
  /** Null for a value that is none of this scalar. */
  parse(value: unknown): ScalarTypes[Name]['Input'] | null
  print(value: ScalarTypes[Name]['Output']): string | number
}

const fromText =
  <T>(parse: (text: string) => T | null) =>
  (value: unknown): T | null =>
    typeof value === 'string' ? parse(value) : null

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/i
const identity = (value: string) => value

function dateTimeFrom(text: string): Date | null {
  const at = rfc3339.test(text) ? new Date(text) : null
  return at && isStorable(at) ? at : null
}

/** PostgreSQL has no year 0, and JavaScript writes a year past 9999 in a form of its own. */
const isStorable = (at: Date) => at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9999

function dateFrom(text: string): string | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null
  const at = new Date(`${text}T00:00:00Z`)
  return isStorable(at) && at.toISOString().startsWith(text) ? text : null
}

const zones = new Set(Intl.supportedValuesOf('timeZone'))

function timeZoneFrom(text: string): string | null {
  if (zones.has(text) || text === 'UTC') return text
  // Aliases such as Europe/Kyiv are valid without being listed; offsets such as +02:00 are not zones.
  if (!/^[A-Z][A-Za-z_]+(\/[A-Za-z0-9_+-]+){1,2}$/.test(text)) return null
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }) && text
  } catch {
    return null
  }
}

const durationText = /^P(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?)?$/

function minutesFrom(text: string): number | null {
  const parts = durationText.exec(text)
  if (!parts || text === 'P' || text.endsWith('T')) return null
  const [days = 0, hours = 0, minutes = 0] = parts.slice(1).map((part) => Number(part ?? 0))
  return days * 1440 + hours * 60 + minutes
}

function durationFrom(minutes: number): string {
  const [days, hours, rest] = [
    Math.floor(minutes / 1440),
    Math.floor((minutes % 1440) / 60),
    minutes % 60,
  ]
  const time = `${hours ? `${hours}H` : ''}${rest ? `${rest}M` : ''}`
  const text = `P${days ? `${days}D` : ''}${time ? `T${time}` : ''}`
  return text === 'P' ? 'PT0M' : text
}

export const scalarRows: { [Name in Exclude<keyof ScalarTypes, 'ID'>]: ScalarRow<Name> } = {
  DateTime: {
    description: 'RFC 3339 instant, always sent with offset.',
    example: '2027-03-28T09:00:00+02:00',
    parse: fromText(dateTimeFrom),
    print: (at) => at.toISOString(),
  },
  Date: {
    description: 'Calendar date, no zone.',
    example: '2027-03-28',
    parse: fromText(dateFrom),
    print: identity,
  },
  LocalTime: {
    description: 'Wall-clock time HH:MM, no zone.',
    example: '09:00',
    parse: fromText((text) => (/^([01]\d|2[0-3]):[0-5]\d$/.test(text) ? text : null)),
    print: (text) => text.slice(0, 5),
  },
  TimeZone: {
    description: 'IANA zone name, for example Europe/Paris.',
    example: 'Europe/Paris',
    parse: fromText(timeZoneFrom),
    print: identity,
  },
  Duration: {
    description: 'ISO 8601 duration in whole minutes, for example PT45M.',
    example: 'PT45M',
    parse: fromText(minutesFrom),
    print: durationFrom,
  },
  MinorUnits: {
    description: "A count of the currency's smallest unit (cents), a safe integer.",
    example: 4500,
    parse: (value) => (Number.isSafeInteger(value) ? Number(value) : null),
    print: (value) => value,
  },
}

export type ScalarName = keyof typeof scalarRows

/** Reads a scalar's value or throws a GraphQL error that names the scalar and shows a good value. */
export function parseScalar<Name extends ScalarName>(name: Name, value: unknown) {
  const row = scalarRows[name]
  const parsed = row.parse(value)
  if (parsed !== null) return parsed
  const example = JSON.stringify(row.example)
  throw new GraphQLError(
    `${name} cannot represent ${JSON.stringify(value) ?? 'that'}. Send, for example, ${example}.`,
  )
}
