import Ajv from 'ajv'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
type Schema = { [name: string]: Json }

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Words of OpenAPI that JSON Schema does not know, or that tell nothing about a value. */
const foreign = /^(x-|description$|title$|format$|example$|nullable$|maxLength$)/

const each = (schema: Schema, change: (value: Json) => Json): Schema =>
  Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, change(value)]))

/** The same in JSON Schema, whose `nullable` is a type of its own. */
function translated(value: Json): Json {
  if (Array.isArray(value)) return value.map(translated)
  if (!isSchema(value)) return value
  const { properties, ...rest } = value
  const kept = Object.fromEntries(Object.entries(rest).filter(([name]) => !foreign.test(name)))
  const schema: Schema = {
    ...each(kept, translated),
    // Fields may be called like the words that are left out.
    ...(isSchema(properties) && { properties: each(properties, translated) }),
  }
  return value.nullable === true ? { anyOf: [{ type: 'null' }, schema] } : schema
}

const prefix = '#/components/schemas/'

/** The names of the schemas that a schema refers to. */
const namesIn = (schema: Json) =>
  [...JSON.stringify(schema).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
    ([, name = '']) => name,
  )

type Description = { components: { schemas: Record<string, Schema> } }

/** Those schemas and all that they refer to. */
function closureOf({ components }: Description, wanted: readonly string[]): Record<string, Json> {
  const found: Record<string, Json> = {}
  const open = [...wanted]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const schema = components.schemas[name]
    if (!schema) throw new Error(`The description has no schema ${name}.`)
    if (name in found) continue
    const known = translated(schema)
    found[name] = known
    open.push(...namesIn(known))
  }
  return found
}

/** Says what is wrong with an object, by the schema of that name; nothing when it is as described. */
export function validatorsOf(description: unknown, names: readonly string[]) {
  // The file is Stripe's own OpenAPI description.
  const schemas = closureOf(description as Description, names)
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false })
  ajv.addSchema({ $id: 'stripe', components: { schemas } })
  const validators = new Map(
    names.map((name) => [name, ajv.compile({ $ref: `stripe${prefix}${name}` })]),
  )
  return (name: string, value: unknown): string[] => {
    const validate = validators.get(name)
    if (!validate) return [`there is no schema ${name}`]
    if (validate(value)) return []
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  }
}
