/** What YAML can say. */
export type Json = null | boolean | number | string | Json[] | JsonRecord
export type JsonRecord = { [key: string]: Json }

export const isRecord = (value: Json | undefined): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The record there; an empty one when there is none. */
export const recordOf = (value: Json | undefined): JsonRecord => (isRecord(value) ? value : {})

/** The list there; an empty one when there is none. */
export const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : [])

export const recordsOf = (value: Json | undefined): JsonRecord[] => listOf(value).filter(isRecord)

/** The text there; empty when there is none. */
export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

/** The fields of a record that are text: labels, annotations, data. */
export const textsOf = (value: Json | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(recordOf(value)).flatMap(([key, text]) =>
      typeof text === 'string' ? [[key, text]] : [],
    ),
  )

/** What stands at a path of fields, `spec.template.spec`; undefined when nothing does. */
export const at = (value: Json | undefined, path: string): Json | undefined =>
  path
    .split('.')
    .reduce<Json | undefined>((inner, field) => (isRecord(inner) ? inner[field] : undefined), value)

/** Every place that a path with lists in it leads to: `spec.containers.env`. */
export function everyAt(value: Json | undefined, path: readonly string[]): JsonRecord[] {
  if (Array.isArray(value)) return value.flatMap((item) => everyAt(item, path))
  if (!isRecord(value)) return []
  const [field, ...rest] = path
  return field === undefined ? [value] : everyAt(value[field], rest)
}

/** The record at a field of a record, made when it is not there. */
export function recordIn(value: JsonRecord, field: string): JsonRecord {
  const inner = value[field]
  if (isRecord(inner)) return inner
  const made: JsonRecord = {}
  value[field] = made
  return made
}
