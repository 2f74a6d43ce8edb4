import type { GraphQLEnumType, GraphQLScalarType } from 'graphql'
import { plainText } from '../plain-text.ts'
import type { JsonSchema } from './schema.ts'

/** Any other scalar may be any JSON: nothing here knows how it is written. */
const scalars: Readonly<Record<string, JsonSchema>> = {
  ID: { type: 'string' },
  String: { type: 'string' },
  Boolean: { type: 'boolean' },
  Int: { type: 'integer', minimum: -2_147_483_648, maximum: 2_147_483_647 },
  Float: { type: 'number' },
  DateTime: { type: 'string', format: 'date-time' },
  Date: { type: 'string', format: 'date' },
  Duration: { type: 'string', format: 'duration' },
  LocalTime: { type: 'string' },
  TimeZone: { type: 'string' },
  MinorUnits: { type: 'integer' },
}

const own: ReadonlySet<string> = new Set(['ID', 'String', 'Boolean', 'Int', 'Float'])

/** What JSON a leaf is; said in the words of the graph where the type is no usual one. */
export function scalarSchemaOf({ name, description }: GraphQLScalarType): JsonSchema {
  const known = scalars[name] ?? {}
  return description && !own.has(name) ? { ...known, description: plainText(description) } : known
}

/** A name of the enum; what is deprecated is still told, and so is still allowed. */
export const enumSchemaOf = (type: GraphQLEnumType): JsonSchema => ({
  type: 'string',
  enum: type.getValues().map(({ name }) => name),
})
