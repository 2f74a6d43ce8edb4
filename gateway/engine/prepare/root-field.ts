import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
} from 'graphql'
import { AppError } from '#kit/errors'

/** False when authorization took the root field out. */
export function asksForField(document: DocumentNode): boolean {
  const roots = document.definitions
    .filter((node) => node.kind === Kind.OPERATION_DEFINITION)
    .flatMap((node) => leavesOf(document, node.selectionSet.selections))
  return roots.some((node) => node.kind === Kind.FIELD && node.name.value !== '__typename')
}

/** What stands at the root, with everything that leads there. */
function leavesOf(document: DocumentNode, nodes: readonly SelectionNode[]): SelectionNode[] {
  return nodes.flatMap((node) => {
    if (node.kind === Kind.FIELD) return [node]
    const set =
      node.kind === Kind.INLINE_FRAGMENT
        ? node.selectionSet
        : fragmentIn(document, node.name.value)?.selectionSet
    return [node, ...leavesOf(document, set?.selections ?? [])]
  })
}

const fragmentIn = ({ definitions }: DocumentNode, name: string) =>
  definitions
    .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
    .find((node) => node.name.value === name)

/**
 * Throws GRAPHQL_VALIDATION_FAILED for a subscription whose only field may be left out: there would
 * be nothing to subscribe to. Source: GraphQL, September 2025, 5.2.4.1.
 */
export function requireRootField(
  document: DocumentNode,
  { operation, selectionSet }: OperationDefinitionNode,
): void {
  if (operation !== OperationTypeNode.SUBSCRIPTION) return
  const isConditional = leavesOf(document, selectionSet.selections).some((node) =>
    node.directives?.some(({ name }) => name.value === 'skip' || name.value === 'include'),
  )
  if (isConditional)
    throw new AppError(
      'GRAPHQL_VALIDATION_FAILED',
      'The field of a subscription may not be skipped or included.',
    )
}
