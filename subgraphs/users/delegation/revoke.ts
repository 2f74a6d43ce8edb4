import { audit, auditedBy } from '#kit/audit'
import { signedIn } from '#kit/builder'
import { fromGlobalId } from '#kit/id'
import type { Viewer } from '#kit/identity-token'
import { emit } from '#kit/outbox'
import { userError } from '#kit/user-error'
import { builder, NotFoundErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { ownDelegationsOf } from './policy.ts'
import { revokeDelegation } from './queries.ts'

const DelegationRevokedType = builder
  .objectRef<{ __typename: 'DelegationRevoked'; id: string }>('DelegationRevoked')
  .implement({ fields: (t) => ({ id: t.exposeID('id') }) })

const RevokeDelegationResultType = builder.unionType('RevokeDelegationResult', {
  types: [DelegationRevokedType, NotFoundErrorType],
  resolveType: ({ __typename }) => __typename,
})

const revoke = ({ db, now, requestId }: Context, viewer: Viewer, id: string) =>
  db.write(async (sql) => {
    const revoked = await revokeDelegation(sql, { id, personId: viewer.id, at: now() })
    if (!revoked) return false
    const { fromId, toId } = revoked
    await emit(sql, {
      topic: 'users.delegation-revoked',
      entityId: id,
      payload: { delegationId: id, fromId, toId },
    })
    await audit(sql, {
      ...{ action: 'users.delegation-revoked', ...auditedBy(viewer), requestId },
      ...{ entity: 'Delegation', entityId: id, detail: { fromId, toId } },
    })
    return true
  })

builder.mutationField('revokeDelegation', (t) =>
  t.field({
    ...signedIn,
    type: RevokeDelegationResultType,
    description: 'Ends a delegation at once, by whoever gave it or by the delegate.',
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_, { id: globalId }, context) => {
      const { viewer } = context
      const id = ownDelegationsOf(viewer) && fromGlobalId('Delegation', globalId)
      return viewer && id && (await revoke(context, viewer, id))
        ? { __typename: 'DelegationRevoked' as const, id: globalId }
        : userError('NotFoundError', 'You have no such delegation.', ['id'])
    },
  }),
)
