import { expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  defaultFieldResolver,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  parse,
} from 'graphql'
import { coordinate, permits, rulesOf } from '../engine/authorize/rules.ts'
import { unauthorized } from '../engine/errors.ts'
import { schemaOf } from '../engine/self-test/placeholder.ts'
import { supergraphFrom } from '../engine/supergraph/index.ts'
import { fakeResolvers, fakeSupergraph } from './fake-subgraphs.ts'
import { noLimits, startHarness } from './harness.ts'

const supergraph = supergraphFrom(fakeSupergraph)
const rules = rulesOf(supergraph)
const oneSchema = schemaOf(supergraph.document)
const graph = startHarness({ limits: noLimits })

const callers: readonly (readonly string[] | null)[] = [
  null,
  [],
  ['self', 'mail'],
  ['people:read', 'trips:read'],
  ['trips:read', 'trips:price', 'places:read'],
  ['level:read', 'mail'],
]

type Path = readonly (string | number)[]
type Outcome = { readonly data: string; readonly denied: readonly string[] }

const resolvers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = fakeResolvers

/**
 * What the answer must be: one schema, one process, and each denied field throws where it is
 * resolved.
 */
async function oracle(document: string, scopes: readonly string[] | null): Promise<Outcome> {
  const variant = {
    authenticated: scopes !== null,
    scopes: new Set(scopes),
    policies: new Set<string>(),
  }
  const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
    const { parentType, fieldName } = info
    const rule = rules.get(coordinate(parentType.name, fieldName))
    if (rule && !permits(rule, variant)) throw unauthorized([])
    const own = resolvers[parentType.name]?.[fieldName]
    return typeof own === 'function'
      ? own(source, args)
      : defaultFieldResolver(source, args, context, info)
  }
  const { data, errors = [] } = await execute({
    schema: oneSchema,
    document: parse(document),
    fieldResolver: (source, args, context, info) => {
      try {
        return fieldResolver(source, args, context, info)
      } catch (error) {
        // Without its own path, so that graphql-js gives it the place where it happened.
        throw error instanceof GraphQLError ? new GraphQLError(error.message) : error
      }
    },
    typeResolver: (value, _context, _info, type) => {
      const resolve = resolvers[type.name]?.__resolveType
      return typeof resolve === 'function' ? resolve(value) : undefined
    },
  })
  return { data: JSON.stringify(data), denied: deniedIn(errors) }
}

const deniedIn = (errors: readonly { message: string; path?: Path | undefined }[]) =>
  errors
    .filter(({ message }) => message === 'Unauthorized field or type')
    .map(({ path = [] }) => path.join('.'))
    .sort()

async function ours(document: string, scopes: readonly string[] | null): Promise<Outcome> {
  const caller = scopes ? { scopes: [...scopes, 'operations:explore'] } : {}
  const { data, errors = [] } = await graph.ask(document, caller)
  return { data: JSON.stringify(data), denied: deniedIn(errors) }
}

/**
 * Fields that need arguments, and those that may not be null and yet fail: nothing is denied in
 * what they void.
 */
const unsuitable: ReadonlySet<string> = new Set(['greet', 'mustNotFail', 'visa'])

/** Reads an operation off a tape of numbers: every tape is a valid operation. */
function operationFrom(tape: readonly number[], schema: GraphQLSchema): string {
  let at = 0
  const next = (below: number) => (tape[at++ % tape.length] ?? 0) % below

  function selection(typeName: string, depth: number): string {
    const count = 1 + next(3)
    return `{ ${Array.from({ length: count }, () => member(typeName, depth)).join(' ')} }`
  }

  function member(typeName: string, depth: number): string {
    const type = schema.getType(typeName)
    if (depth < 0) return '__typename'
    if (!isObjectType(type) || next(6) === 0) {
      const possible = membersOf(typeName)
      const on = possible[next(possible.length)] ?? typeName
      return `... on ${on}${directive()} ${selection(on, depth - 1)}`
    }
    const fields = Object.values(type.getFields()).filter(
      ({ name, type }) =>
        !unsuitable.has(name) && (depth > 0 || !isCompositeType(getNamedType(type))),
    )
    const field = fields[next(fields.length + 1)]
    if (!field) return '__typename'
    const named = getNamedType(field.type)
    const alias = next(4) === 0 ? `${field.name}_again: ` : ''
    const below = isCompositeType(named) ? ` ${selection(named.name, depth - 1)}` : ''
    return `${alias}${field.name}${directive()}${below}`
  }

  const directive = () => ['', '', '', ' @skip(if: true)', ' @include(if: true)'][next(5)] ?? ''
  const membersOf = (name: string) => {
    const type = schema.getType(name)
    return type && isCompositeType(type) && !isObjectType(type)
      ? schema.getPossibleTypes(type).map(({ name }) => name)
      : [name]
  }
  return `query ${selection('Query', 4)}`
}

test('filtered answers equal those of one schema that enforces each rule where it resolves', async () => {
  let denials = 0
  const property = fc.asyncProperty(
    fc.array(fc.nat(999), { minLength: 20, maxLength: 80 }),
    fc.constantFrom(...callers),
    async (tape, scopes) => {
      const document = operationFrom(tape, oneSchema)
      const [expected, answered] = await Promise.all([
        oracle(document, scopes),
        ours(document, scopes),
      ])
      expect({ document, data: answered.data }).toEqual({ document, data: expected.data })
      // Below a null that bubbled, one side may have met more denied fields than the other before
      // it gave up.
      const missed = expected.denied.filter((path) => !answered.denied.includes(path))
      expect({ document, missed }).toEqual({ document, missed: [] })
      denials += answered.denied.length
    },
  )
  await fc.assert(property, { numRuns: 200, seed: 20_261_121 })
  expect(denials).toBeGreaterThan(50)
})
