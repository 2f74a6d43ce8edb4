import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import { plainText } from '../plain-text.ts'
import { enumSchemaOf, scalarSchemaOf } from './scalars.ts'
import { type JsonSchema, nullable, type ObjectSchema, objectOf } from './schema.ts'

type Options = {
  /** Whether the members of a root field's union that say why it was refused are told of too. */
  readonly refusals?: boolean
}

type Reading = {
  readonly schema: GraphQLSchema
  /** Types that are left out of unions, at the root alone. */
  readonly omitted: ReadonlySet<string>
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
}

/** What an object has under one name: the same field, perhaps selected several times. */
type Selected = {
  readonly nodes: FieldNode[]
  /** False where `@skip` or `@include` may leave it out. */
  isSure: boolean
}

/**
 * What `data` of a complete or partial answer to the document's one operation is. Throws when it
 * asks for what the schema does not have.
 */
export function dataSchemaOf(
  schema: GraphQLSchema,
  { definitions }: DocumentNode,
  { refusals = true }: Options = {},
): ObjectSchema {
  const operation = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('There is no operation.')
  const root = schema.getRootType(operation.operation)
  if (!root) throw new Error(`The graph has no ${operation.operation}.`)
  const fragments = new Map(
    definitions
      .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  )
  const omitted = refusals ? nobody : refusalsIn(schema)
  return objectSchemaOf({ schema, fragments, omitted }, root, [operation.selectionSet])
}

const nobody: ReadonlySet<string> = new Set()

/** The types that say why nothing was done, by name. */
export function refusalsIn(schema: GraphQLSchema): ReadonlySet<string> {
  const refusal = schema.getType('UserError')
  if (!isInterfaceType(refusal)) return nobody
  return new Set(schema.getPossibleTypes(refusal).map(({ name }) => name))
}

function objectSchemaOf(
  reading: Reading,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): ObjectSchema {
  const selected = new Map<string, Selected>()
  for (const set of sets) collect(reading, { type, set, isSure: true }, selected)
  return objectOf(
    [...selected].map(([name, { nodes, isSure }]) => [
      name,
      fieldSchemaOf(reading, type, nodes),
      isSure,
    ]),
  )
}

type Collecting = {
  readonly type: GraphQLObjectType
  readonly set: SelectionSetNode
  readonly isSure: boolean
}

const isConditional = ({ directives = [] }: Pick<FieldNode, 'directives'>) =>
  directives.some(({ name }) => name.value === 'skip' || name.value === 'include')

/** Source: GraphQL, 6.3.2, CollectFields. */
function collect(
  reading: Reading,
  { type, set, isSure }: Collecting,
  into: Map<string, Selected>,
): void {
  for (const node of set.selections) {
    const isSureHere = isSure && !isConditional(node)
    if (node.kind === Kind.FIELD) {
      const name = node.alias?.value ?? node.name.value
      const known = into.get(name) ?? { nodes: [], isSure: false }
      known.nodes.push(node)
      known.isSure ||= isSureHere
      into.set(name, known)
      continue
    }
    const fragment =
      node.kind === Kind.INLINE_FRAGMENT ? node : reading.fragments.get(node.name.value)
    const condition = fragment?.typeCondition?.name.value ?? type.name
    if (fragment && isWithin(reading.schema, type, condition))
      collect(reading, { type, set: fragment.selectionSet, isSure: isSureHere }, into)
  }
}

function isWithin(schema: GraphQLSchema, type: GraphQLObjectType, name: string): boolean {
  if (type.name === name) return true
  const other = schema.getType(name)
  return isAbstractType(other) && schema.isSubType(other, type)
}

function fieldSchemaOf(
  reading: Reading,
  parent: GraphQLObjectType,
  nodes: readonly FieldNode[],
): JsonSchema {
  const name = nodes[0]?.name.value ?? ''
  if (name === '__typename') return { type: 'string', enum: [parent.name] }
  const field = parent.getFields()[name]
  if (!field) throw new Error(`There is no field ${parent.name}.${name}.`)
  const sets = nodes.map(({ selectionSet }) => selectionSet).filter((set) => set !== undefined)
  const schema = schemaOf(reading, field.type, sets)
  return field.description ? { ...schema, description: plainText(field.description) } : schema
}

function schemaOf(
  reading: Reading,
  type: GraphQLOutputType,
  sets: readonly SelectionSetNode[],
): JsonSchema {
  if (!isNonNullType(type)) return nullable(presentOf(reading, type, sets))
  return presentOf(reading, type.ofType, sets)
}

function presentOf(
  reading: Reading,
  type: GraphQLOutputType,
  sets: readonly SelectionSetNode[],
): JsonSchema {
  if (isNonNullType(type)) return presentOf(reading, type.ofType, sets)
  if (isListType(type)) return { type: 'array', items: schemaOf(reading, type.ofType, sets) }
  if (isScalarType(type)) return scalarSchemaOf(type)
  if (isEnumType(type)) return enumSchemaOf(type)
  if (isObjectType(type)) return objectSchemaOf({ ...reading, omitted: nobody }, type, sets)
  return abstractSchemaOf(reading, type, sets)
}

/** One schema for each shape; types that are told apart by nothing but their name share theirs. */
function abstractSchemaOf(
  reading: Reading,
  type: Exclude<GraphQLCompositeType, GraphQLObjectType>,
  sets: readonly SelectionSetNode[],
): JsonSchema {
  const shapes = new Map<string, { schema: JsonSchema; names: string[] }>()
  const inner = { ...reading, omitted: nobody }
  for (const one of reading.schema.getPossibleTypes(type)) {
    if (reading.omitted.has(one.name)) continue
    const schema = objectSchemaOf(inner, one, sets)
    const key = JSON.stringify(withTypename(schema, []))
    const known = shapes.get(key) ?? { schema, names: [] }
    known.names.push(one.name)
    shapes.set(key, known)
  }
  const all = [...shapes.values()].map(({ schema, names }) => withTypename(schema, names.sort()))
  const [first] = all
  return all.length === 1 && first ? first : { anyOf: all }
}

/** The same for objects of all of these types. */
function withTypename(schema: JsonSchema, names: readonly string[]): JsonSchema {
  const { properties } = schema
  if (typeof properties !== 'object' || properties === null || !('__typename' in properties))
    return schema
  const named = { ...properties, __typename: { type: 'string', enum: names } }
  return { ...schema, properties: named }
}
