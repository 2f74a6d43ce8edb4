import {
  type DocumentNode,
  executeSync,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
} from 'graphql'

/** The value of a field of introspection, out of its nodes: it may stand several times at a place. */
export type Introspect = (nodes: readonly FieldNode[]) => unknown

type Variables = Readonly<Record<string, unknown>>

/**
 * Introspection is answered here, by graphql-js: at the root, and wherever a subgraph gives the root
 * of queries again.
 */
export function introspectorOf(
  schema: GraphQLSchema,
  document: DocumentNode,
): (variables: Variables) => Introspect {
  const documents = new WeakMap<readonly FieldNode[], DocumentNode>()
  const documentFor = (nodes: readonly FieldNode[]) => {
    const known = documents.get(nodes) ?? onlyFields(document, nodes)
    documents.set(nodes, known)
    return known
  }
  return (variableValues) => (nodes) => {
    const { data } = executeSync({ schema, document: documentFor(nodes), variableValues })
    const [value] = Object.values(data ?? {})
    return value ?? null
  }
}

/** Also of a mutation that leads back to the root of queries. */
const onlyFields = (
  { definitions, ...document }: DocumentNode,
  selections: readonly FieldNode[],
): DocumentNode => ({
  ...document,
  definitions: definitions.map((node) =>
    node.kind === Kind.OPERATION_DEFINITION
      ? {
          ...node,
          operation: OperationTypeNode.QUERY,
          selectionSet: { ...node.selectionSet, selections },
        }
      : node,
  ),
})
