import {
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  Kind,
  parse,
} from 'graphql'
import type { GuardedField } from './guarded-fields.ts'
import { literalOf } from './placeholder.ts'

const roots: Readonly<Record<string, string>> = {
  Query: 'query',
  Mutation: 'mutation',
  Subscription: 'subscription',
}

/**
 * The root field that leads to a type: without one, most types stand behind fields that refuse
 * first.
 */
const doorTo = ({ parent, graph }: GuardedField) => `door_${graph}_${parent.name.value}`

/**
 * The supergraph with a root field for every type that has a guarded field, in the subgraph that
 * has it.
 */
export function withDoors(document: DocumentNode, guarded: readonly GuardedField[]): DocumentNode {
  const doors = new Map(
    guarded
      .filter(({ parent }) => !roots[parent.name.value])
      .map((one) => [
        doorTo(one),
        `${doorTo(one)}: ${one.parent.name.value} @join__field(graph: ${one.graph})`,
      ]),
  )
  const added = doors.size === 0 ? [] : fieldsFrom([...doors.values()])
  return {
    ...document,
    definitions: document.definitions.map((node) =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === 'Query'
        ? { ...node, fields: [...(node.fields ?? []), ...added] }
        : node,
    ),
  }
}

function fieldsFrom(lines: readonly string[]): readonly FieldDefinitionNode[] {
  const [type] = parse(`type Query {\n${lines.join('\n')}\n}`, { noLocation: true }).definitions
  return type?.kind === Kind.OBJECT_TYPE_DEFINITION ? (type.fields ?? []) : []
}

/** An operation that asks for one field and nothing else. */
export function probeFor(schema: GraphQLSchema, guarded: GuardedField): string {
  const { parent, field } = guarded
  const asked = fieldText(schema, parent.name.value, field.name.value)
  const root = roots[parent.name.value]
  return root ? `${root} { ${asked} }` : `query { ${doorTo(guarded)} { ${asked} } }`
}

function fieldText(schema: GraphQLSchema, parent: string, name: string): string {
  const type = schema.getType(parent)
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined
  if (!field) throw new Error(`${parent}.${name} is not in the supergraph.`)
  const required = field.args.filter(isRequiredArgument)
  const args = required.map(({ name, type }) => `${name}: ${literalOf(type)}`).join(', ')
  const below = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }'
  return `${name}${args && `(${args})`}${below}`
}
