import { audit, auditedBy } from '#kit/audit'
import { requires, seenBy } from '#kit/builder'
import { AppError } from '#kit/errors'
import { fromGlobalId } from '#kit/id'
import type { Viewer } from '#kit/identity-token'
import type { Transaction } from '#kit/postgres'
import { userError } from '#kit/user-error'
import { builder, NotFoundErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { mayAdministerOperations } from './policy.ts'
import { type OperationRow, operationsByIds, restore, retire } from './queries.ts'
import { PersistedOperationType } from './type.ts'

type Changed<Name extends string> = { __typename: Name; operation: OperationRow }

const administered = requires(['operations:publish', 'operations:read'])

const resultOf = <Name extends 'OperationRetired' | 'OperationRestored'>(name: Name) =>
  builder.objectRef<Changed<Name>>(name).implement({
    ...seenBy.staff,
    fields: (t) => ({
      operation: t.field({ type: PersistedOperationType, resolve: ({ operation }) => operation }),
    }),
  })

const RetireOperationResultType = builder.unionType('RetireOperationResult', {
  ...seenBy.staff,
  types: [resultOf('OperationRetired'), NotFoundErrorType],
  resolveType: ({ __typename }) => __typename,
})

const RestoreOperationResultType = builder.unionType('RestoreOperationResult', {
  ...seenBy.staff,
  types: [resultOf('OperationRestored'), NotFoundErrorType],
  resolveType: ({ __typename }) => __typename,
})

const missing = userError('NotFoundError', 'There is no such operation.', ['id'])

type Change = { id: string; by: Viewer; at: Date; requestId: string }
type Act = {
  readonly happened: 'retired' | 'restored'
  readonly change: (sql: Transaction, change: Change) => Promise<OperationRow | null>
}

const retiring: Act = { happened: 'retired', change: retire }
const restoring: Act = { happened: 'restored', change: (sql, { id }) => restore(sql, id) }

/** The operation as it is now, also where it was so already. Null for none. */
async function change(
  globalId: string,
  { happened, change }: Act,
  { viewer: by, db, now, requestId }: Context,
): Promise<OperationRow | null> {
  if (!mayAdministerOperations(by)) throw new AppError('FORBIDDEN', 'You may not do this.')
  const id = fromGlobalId('PersistedOperation', globalId)
  if (id === null) return null
  return db.write(async (sql) => {
    const changed = await change(sql, { id, by, at: now(), requestId })
    if (!changed) return (await operationsByIds(sql, [id]))[0] ?? null
    const { client, name, hash } = changed
    await audit(sql, {
      ...{ action: `auth.operation-${happened}`, ...auditedBy(by), requestId },
      ...{ entity: 'PersistedOperation', entityId: id, detail: { client, name, hash } },
    })
    return changed
  })
}

builder.mutationFields((t) => ({
  retireOperation: t.field({
    ...administered,
    type: RetireOperationResultType,
    description: 'Ends an operation: whoever sends its hash is told since when.',
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_, { id }, context) => {
      const operation = await change(id, retiring, context)
      return operation ? { __typename: 'OperationRetired' as const, operation } : missing
    },
  }),
  restoreOperation: t.field({
    ...administered,
    type: RestoreOperationResultType,
    description: 'Lets a retired operation run again.',
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_, { id }, context) => {
      const operation = await change(id, restoring, context)
      return operation ? { __typename: 'OperationRestored' as const, operation } : missing
    },
  }),
}))
