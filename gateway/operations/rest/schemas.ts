import type { Json, JsonMap, JsonSchema } from '../json-schema/schema.ts'

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)

export const isMap = (value: Json | undefined): value is JsonMap =>
  typeof value === 'object' && value !== null && !isList(value)

/** The same for a value that is there: a parameter that is null is one that is left out. */
export function withoutNull(schema: JsonSchema): JsonSchema {
  const { anyOf, type, enum: values, ...rest } = schema
  if (isList(anyOf)) {
    const left = anyOf.filter(isMap).filter((one) => one.type !== 'null')
    const [only] = left
    return left.length === 1 && only ? { ...only, ...rest } : { ...rest, anyOf: left }
  }
  const types = isList(type) ? type.filter((one) => one !== 'null') : null
  return {
    ...rest,
    ...(type !== undefined && { type: types?.length === 1 ? (types[0] ?? null) : type }),
    ...(isList(values) && { enum: values.filter((one) => one !== null) }),
  }
}

/** How text of that name usually looks, and of that format. */
const texts: Readonly<Record<string, string>> = {
  id: '0192f0c4-7a51-7c3e-9a43-0d2b7c1f5e10',
  email: 'lea@example.org',
  slug: 'lea-martin',
  displayName: 'Léa Martin',
  locale: 'fr',
  currency: 'EUR',
  timeZone: 'Europe/Paris',
  idempotencyKey: '6f1d1b9a-3a52-4c0e-8f0e-6a1f0c6f3f1c',
  'date-time': '2026-11-05T09:00:00+01:00',
  date: '2026-11-05',
  duration: 'PT45M',
}

const isIdName = (name: string) => /(^|[a-z])Id$/.test(name)

/**
 * A value that the schema allows; of what may be left out of an object only `whole` has it. `name`
 * is what the value is called, for it to look like one.
 */
export function exampleOf(schema: JsonSchema, { name = '', whole = false } = {}): Json {
  const { type, anyOf, enum: values, default: usual } = withoutNull(schema)
  if (usual !== undefined) return usual
  if (isList(values)) return values[0] ?? null
  if (isList(anyOf)) {
    const [first] = anyOf
    return isMap(first) ? exampleOf(first, { name, whole }) : null
  }
  const kind = isList(type) ? type[0] : type
  if (kind === 'object') return objectExample(schema, whole)
  if (kind === 'array') {
    const { items } = withoutNull(schema)
    return isMap(items) ? [exampleOf(items, { name: name.replace(/s$/, ''), whole })] : []
  }
  if (kind === 'integer') return 1
  if (kind === 'number') return 1.5
  if (kind === 'boolean') return true
  return kind === 'string' ? textExample(withoutNull(schema), name) : null
}

function textExample({ format }: JsonSchema, name: string): string {
  const known = texts[String(format)] ?? (Object.hasOwn(texts, name) ? texts[name] : undefined)
  return known ?? (isIdName(name) ? (texts.id ?? '') : 'text')
}

function objectExample(schema: JsonSchema, whole: boolean): Json {
  const { properties, required, minProperties } = withoutNull(schema)
  const needed = new Set(isList(required) ? required : [])
  const members = Object.entries(isMap(properties) ? properties : {})
  const told = members.filter(([member], index) =>
    minProperties === 1 ? index === 0 : whole || needed.has(member),
  )
  return Object.fromEntries(
    told.flatMap(([member, inner]) =>
      isMap(inner) ? [[member, exampleOf(inner, { name: member, whole })]] : [],
    ),
  )
}
