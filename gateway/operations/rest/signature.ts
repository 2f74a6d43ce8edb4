import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql'
import { createRecent, type Recent } from '../../recent.ts'
import { inputTypeOf } from '../json-schema/variables.ts'

export type Variable = {
  readonly name: string
  readonly type: GraphQLInputType
  readonly isRequired: boolean
}

/** What an address has to know of its operation. */
export type Signature = {
  readonly document: DocumentNode
  readonly variables: readonly Variable[]
  /** The one required variable that is a name of something: its value may end the path. */
  readonly inPath: string | null
  /** The names in `data`. */
  readonly roots: readonly string[]
  /** Among them, those whose value may be a `UserError`, with the names of those errors. */
  readonly refusing: ReadonlyMap<string, ReadonlySet<string>>
}

const operationsMax = 500
const known = new WeakMap<GraphQLSchema, Recent<string, Signature>>()

/** Throws when the document does not fit the schema, which no registered one does. */
export function signatureOf(schema: GraphQLSchema, text: string): Signature {
  const recent = known.get(schema) ?? createRecent<string, Signature>(operationsMax)
  known.set(schema, recent)
  return recent.of(text, () => madeOf(schema, text))
}

function madeOf(schema: GraphQLSchema, text: string): Signature {
  const document = parse(text, { noLocation: true })
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('There is no operation.')
  const variables = (operation.variableDefinitions ?? []).map(
    ({ variable, type: node, defaultValue }): Variable => {
      const name = variable.name.value
      const type = inputTypeOf(schema, node)
      if (!type) throw new Error(`Variable $${name} is of no type of the graph.`)
      return { name, type, isRequired: isNonNullType(type) && !defaultValue }
    },
  )
  return { document, variables, inPath: inPathOf(variables), ...rootsOf(schema, operation) }
}

const nameTypes: ReadonlySet<string> = new Set(['ID!', 'String!'])

function inPathOf(variables: readonly Variable[]): string | null {
  const [only, ...others] = variables.filter(({ isRequired }) => isRequired)
  return only && others.length === 0 && nameTypes.has(String(only.type)) ? only.name : null
}

function rootsOf(schema: GraphQLSchema, { operation, selectionSet }: OperationDefinitionNode) {
  const fields = schema.getRootType(operation)?.getFields() ?? {}
  const nodes = selectionSet.selections.filter((node) => node.kind === Kind.FIELD)
  const error = schema.getType('UserError')
  const refusalsOf = (name: string) => {
    const type = getNamedType(fields[name]?.type)
    if (!isAbstractType(error) || !isAbstractType(type)) return []
    const members = schema.getPossibleTypes(type)
    return members.filter((one) => schema.isSubType(error, one)).map((one) => one.name)
  }
  const keyOf = (node: (typeof nodes)[number]) => (node.alias ?? node.name).value
  const refusing = nodes.map((node) => [keyOf(node), new Set(refusalsOf(node.name.value))] as const)
  return {
    roots: [...new Set(nodes.map(keyOf))],
    refusing: new Map(refusing.filter(([, names]) => names.size > 0)),
  }
}
