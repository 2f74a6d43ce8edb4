/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonMap
export type JsonMap = { readonly [name: string]: Json }

/** A schema of JSON Schema 2020-12, which is also OpenAPI 3.1's and MCP's dialect. */
export type JsonSchema = JsonMap

/** The schema of an object, as a tool's arguments and an operation's data are. */
export type ObjectSchema = JsonSchema & {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, JsonSchema>>
  readonly required: readonly string[]
  readonly additionalProperties: false
}

export const objectOf = (
  members: readonly (readonly [name: string, schema: JsonSchema, isRequired: boolean])[],
): ObjectSchema => ({
  type: 'object',
  properties: Object.fromEntries(members.map(([name, schema]) => [name, schema])),
  required: members.filter(([, , isRequired]) => isRequired).map(([name]) => name),
  additionalProperties: false,
})

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)

const described = ({ description, ...schema }: JsonSchema): JsonSchema => ({
  ...schema,
  ...(description !== undefined && { description }),
})

/** The same or null. */
export function nullable(schema: JsonSchema): JsonSchema {
  const { type, enum: values, description } = schema
  if (typeof type === 'string' && type !== 'object')
    return { ...schema, type: [type, 'null'], ...(isList(values) && { enum: [...values, null] }) }
  if (Object.keys(schema).every((name) => name === 'description')) return schema
  const { description: _, ...rest } = schema
  return described({
    anyOf: [rest, { type: 'null' }],
    ...(description !== undefined && { description }),
  })
}
