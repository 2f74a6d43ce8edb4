import { type DocumentNode, Kind, OperationTypeNode } from 'graphql'
import { AppError } from './errors.ts'
import type { Viewer } from './identity-token.ts'

/** Held by whoever acts for another person and may only look. It grants nothing. */
export const readOnlyScope = 'read-only'

/** What ends acting for another is never refused. */
const waysBack = new Set(['endImpersonation', 'endActing'])

/** The root fields of the mutation that runs; null for an operation that is none. A fragment counts as a field without a name. */
export function mutationFieldsOf(
  { definitions }: DocumentNode,
  operationName: string | null,
): readonly string[] | null {
  const operation = definitions.find(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      (operationName === null || definition.name?.value === operationName),
  )
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return null
  if (operation.operation !== OperationTypeNode.MUTATION) return null
  return operation.selectionSet.selections.map((selection) =>
    selection.kind === Kind.FIELD ? selection.name.value : '',
  )
}

const isWayBack = (fields: readonly string[]) => fields.every((field) => waysBack.has(field))

/** True for whoever acts for another and changes something, but for ending just that. */
export const changesForAnother = (viewer: Viewer | null, fields: readonly string[]): boolean =>
  viewer !== null && viewer.actor !== null && !isWayBack(fields)

/** Throws FORBIDDEN for a change by somebody who may only look. */
export function refuseReadOnly(viewer: Viewer | null, fields: readonly string[]): void {
  if (!viewer?.scopes.has(readOnlyScope) || isWayBack(fields)) return
  throw new AppError('FORBIDDEN', 'You are acting for somebody else and may only look.')
}
