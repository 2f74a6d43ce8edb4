import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  specifiedRules,
  type ValidationContext,
} from 'graphql'

/**
 * Below a root that the schema has not, no other rule says anything: all of it would be valid.
 * Source: GraphQL, 5.2.1.1, Operation Type Existence.
 */
const KnownRoots = (context: ValidationContext): ASTVisitor => ({
  [Kind.OPERATION_DEFINITION]: (node: OperationDefinitionNode) => {
    if (context.getSchema().getRootType(node.operation)) return
    const message = `The schema has no ${node.operation}.`
    context.reportError(new GraphQLError(message, { nodes: node }))
  },
})

/** By which a document is valid: GraphQL's own rules, with one that `specifiedRules` leaves out. */
export const documentRules = [...specifiedRules, KnownRoots]
