import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
} from 'graphql'
import { AppError } from '../errors.ts'

/**
 * The operation to run. Throws when the name matches none, or is missing where there are several.
 */
export function operationIn(document: DocumentNode, name: string | null): OperationDefinitionNode {
  const operation = getOperationAST(document, name)
  if (operation) return operation
  throw new AppError(
    'BAD_REQUEST',
    name === null ? 'Say which operation to run.' : 'The document has no operation of that name.',
  )
}

/** Every fragment of the document, by its name. */
export const fragmentsIn = ({
  definitions,
}: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    definitions
      .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  )
