import {
  extendSchema,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  parse,
} from 'graphql'
import type { SubgraphContext } from '#kit/builder'
import { createMinter, createVerifier, generateIdentityKeys } from '#kit/identity-token'
import { createLog } from '#kit/log'
import type { Pool } from '#kit/postgres'
import { createSubgraph } from '#kit/subgraph'
import type { SubgraphName } from '#schema/subgraphs'
import { type Caller, type Field, viewerOf } from './guarded.ts'

const roots: Readonly<Record<string, string>> = {
  Query: 'query',
  Mutation: 'mutation',
  Subscription: 'subscription',
}

const literals: Readonly<Record<string, string>> = {
  ...{ Int: '1', Float: '1', Boolean: 'true', MinorUnits: '1', Duration: '"PT1H"' },
  ...{ DateTime: '"2026-11-21T10:00:00Z"', Date: '"2026-11-21"', LocalTime: '"10:00"' },
  TimeZone: '"Europe/Paris"',
}

/** A literal that is taken: what is asked about is who may ask, not with what. */
function literalOf(type: GraphQLInputType): string {
  const nullable = getNullableType(type)
  if (isListType(nullable)) return '[]'
  if (isEnumType(nullable)) return nullable.getValues()[0]?.name ?? 'null'
  if (!isInputObjectType(nullable)) return literals[nullable.name] ?? '"probe-of-access"'
  const required = Object.values(nullable.getFields()).filter(isRequiredInputField)
  return `{${required.map(({ name, type }) => `${name}: ${literalOf(type)}`).join(' ')}}`
}

/** A way to each type that is no root: the field's own rule is what stands in it, and nothing before. */
function withDoors(schema: GraphQLSchema, types: readonly string[]): GraphQLSchema {
  const lines = types.map((type) => `door_${type}: ${type}`)
  if (lines.length === 0) return schema
  const opened = extendSchema(schema, parse(`extend type Query { ${lines.join('\n')} }`), {
    assumeValid: true,
  })
  const query = opened.getQueryType()?.getFields() ?? {}
  for (const type of types) {
    const door = query[`door_${type}`]
    // One's own: what is oneself's alone is not to hide behind being somebody else's.
    if (door)
      door.resolve = (_, __, { viewer }: SubgraphContext) => ({ __typename: type, id: viewer?.id })
  }
  return opened
}

function probeOf(schema: GraphQLSchema, { type, name }: Field): string {
  const parent = schema.getType(type)
  const field = isObjectType(parent) ? parent.getFields()[name] : undefined
  if (!field) throw new Error(`${type}.${name} is in the contract and not in the code.`)
  const args = field.args
    .filter(isRequiredArgument)
    .map((one) => `${one.name}: ${literalOf(one.type)}`)
    .join(', ')
  const below = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }'
  const asked = `${name}${args && `(${args})`}${below}`
  return roots[type] ? `${roots[type]} { ${asked} }` : `{ door_${type} { ${asked} } }`
}

/** What kit/builder says to whoever does not pass; a resolver has other words. */
const refusals = ['"You may not do this."', '"Sign in to do this."']

/** Whatever is behind a rule fails by itself: nobody gets that far but who passed the rule. */
const away = new Proxy(() => {}, {
  get: (_, name) => (name === 'then' ? undefined : away),
  apply: () => {
    throw new Error('There is nothing behind the rules.')
  },
})

const audienceKeys = generateIdentityKeys('access')

/** A subgraph as the gateway reaches it, with nothing behind its rules. */
export async function subgraphDoor(name: SubgraphName, fields: readonly Field[]) {
  const module: { schema: GraphQLSchema } = await import(`../../../subgraphs/${name}/schema.ts`)
  const types = [...new Set(fields.map(({ type }) => type))].filter((type) => !roots[type])
  const schema = withDoors(module.schema, types)
  const keys = await audienceKeys
  const now = () => new Date()
  const minter = createMinter({ privateJwk: keys.private, now })
  const subgraph = createSubgraph({
    schema,
    // Of a pool only its absence is used.
    sql: away as unknown as Pool,
    verifier: createVerifier({ publicJwks: [keys.public], audience: name, now }),
    log: createLog({ service: name, level: 'silent' }),
    now,
    // A room adds loaders and ports: each of them is away.
    extend: (base) =>
      new Proxy(base, {
        get: (own, key) => (Object.hasOwn(own, key) && key !== 'db' ? Reflect.get(own, key) : away),
      }) satisfies SubgraphContext,
  })
  return {
    /** Whether this caller passes the rule of this field, whatever the resolver behind it then says. */
    letsIn: async (field: Field, caller: Caller): Promise<boolean> => {
      const token = await minter.mint(viewerOf(caller), name)
      const response = await subgraph.fetch(
        new Request('http://subgraph/graphql', {
          method: 'POST',
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
          },
          body: JSON.stringify({ query: probeOf(schema, field) }),
        }),
      )
      const text = await response.text()
      return !refusals.some((refusal) => text.includes(refusal))
    },
  }
}
