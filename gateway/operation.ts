import { type DocumentNode, getOperationAST, type OperationDefinitionNode } from 'graphql'
import { AppError } from '#kit/errors'

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
