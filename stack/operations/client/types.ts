import type { Json, JsonSchema } from '../../../gateway/operations/json-schema/schema.ts'

const isMap = (value: Json | undefined): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)

/** A comment of one line; nothing in it can end it. */
export const commentOf = (text: string): string => `/** ${text.replaceAll('*/', '* /')} */`

type Side = 'variables' | 'data'

/** A value's type in TypeScript. What may be left out of variables may be undefined as well. */
export function typeOf(schema: JsonSchema, side: Side, indent = ''): string {
  const { type, enum: values, anyOf } = schema
  if (isList(anyOf)) return unionOf(anyOf.filter(isMap).map((one) => typeOf(one, side, indent)))
  if (isList(values)) return unionOf(values.map(literalOf))
  if (isList(type))
    return unionOf(type.map((one) => typeOf({ ...schema, type: one }, side, indent)))
  if (type === 'object') return objectOf(schema, side, indent)
  if (type === 'array') {
    const items = isMap(schema.items) ? schema.items : {}
    const of = typeOf(items, side, indent)
    return `readonly ${isOneWord(items) ? of : `(${of})`}[]`
  }
  return typeof type === 'string' ? (scalars[type] ?? 'unknown') : 'unknown'
}

const scalars: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
}

/** A name of GraphQL's has no quotes in it. */
const literalOf = (value: Json) => (value === null ? 'null' : `'${String(value)}'`)

const unionOf = (members: readonly string[]) => [...new Set(members)].join(' | ')

/** No union, and no list: it needs nothing around it before `[]`. */
const isOneWord = ({ type, enum: values, anyOf }: JsonSchema) =>
  typeof type !== 'object' && type !== 'array' && values === undefined && anyOf === undefined

function objectOf({ properties, required }: JsonSchema, side: Side, indent: string): string {
  if (!isMap(properties)) return 'Readonly<Record<string, unknown>>'
  const inner = `${indent}  `
  const needed = isList(required) ? required : []
  const members = Object.entries(properties).flatMap(([name, schema]) => {
    if (!isMap(schema)) return []
    const { description } = schema
    const isNeeded = needed.includes(name)
    const type = typeOf(schema, side, inner)
    const member = isNeeded ? `${name}: ${type}` : `${name}?: ${type} | undefined`
    const words = typeof description === 'string' ? [`${inner}${commentOf(description)}`] : []
    return [...words, `${inner}readonly ${member}`]
  })
  return members.length > 0
    ? `{\n${members.join('\n')}\n${indent}}`
    : 'Readonly<Record<string, never>>'
}
