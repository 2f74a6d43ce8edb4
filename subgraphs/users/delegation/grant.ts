import { audit, auditedBy } from '#kit/audit'
import { requiresSteppedUp } from '#kit/builder'
import { AppError } from '#kit/errors'
import { fromGlobalId } from '#kit/id'
import type { Viewer } from '#kit/identity-token'
import { emit } from '#kit/outbox'
import type { Sql } from '#kit/postgres'
import { type UserError, userError } from '#kit/user-error'
import { builder, ConflictErrorType, NotFoundErrorType, ValidationErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { ownDelegationsOf } from './policy.ts'
import { type DelegationRow, delegateId, hasRoom, insertDelegation } from './queries.ts'
import { delegationsMax, type Grant, grantFrom } from './rules.ts'
import { DelegationType } from './type.ts'

type Granted = { __typename: 'DelegationGranted'; delegation: DelegationRow }

const DelegationGrantedType = builder.objectRef<Granted>('DelegationGranted').implement({
  fields: (t) => ({
    delegation: t.field({ type: DelegationType, resolve: ({ delegation }) => delegation }),
  }),
})

const GrantDelegationResultType = builder.unionType('GrantDelegationResult', {
  types: [DelegationGrantedType, ValidationErrorType, NotFoundErrorType, ConflictErrorType],
  resolveType: ({ __typename }) => __typename,
})

const GrantDelegationInputType = builder.inputType('GrantDelegationInput', {
  fields: (t) => ({
    toUserId: t.id({ description: 'This or `email` says to whom.' }),
    email: t.string(),
    scopes: t.stringList({ required: true, description: 'Scopes that the caller holds.' }),
    expiresAt: t.field({ type: 'DateTime', required: true, description: 'Within a year.' }),
    reason: t.string(),
  }),
})

type Input = typeof GrantDelegationInputType.$inferInput
type Asked = { readonly viewer: Viewer; readonly toId: string; readonly grant: Grant }

async function tell(sql: Sql, row: DelegationRow, { viewer, requestId }: Context) {
  const { id, fromId, toId, scopes } = row
  const expiresAt = row.expiresAt.toISOString()
  await emit(sql, {
    topic: 'users.delegation-granted',
    entityId: id,
    payload: { delegationId: id, fromId, toId, scopes, expiresAt },
  })
  if (!viewer) return
  await audit(sql, {
    ...{ action: 'users.delegation-granted', ...auditedBy(viewer), requestId },
    ...{ entity: 'Delegation', entityId: id, detail: { toId, scopes, expiresAt } },
  })
}

const grantOnce = (context: Context, { viewer, toId, grant }: Asked) =>
  context.db.write(async (sql): Promise<Granted | UserError<'ConflictError'>> => {
    const createdAt = context.now()
    if (!(await hasRoom(sql, { personId: viewer.id, at: createdAt }))) {
      return userError('ConflictError', `You have ${delegationsMax} of these. End one first.`)
    }
    const delegation = await insertDelegation(sql, {
      ...{ ...grant, fromId: viewer.id, toId, createdAt },
    })
    await tell(sql, delegation, context)
    return { __typename: 'DelegationGranted', delegation }
  })

/** Looked for with eyes that see everybody; null for nobody, and for the caller. */
async function delegateIn({ toUserId, email }: Input, { system, viewer }: Context) {
  const id = toUserId ? fromGlobalId('User', toUserId) : null
  if (!id && !email) return null
  const sought = { id, email: id ? null : (email?.trim() ?? null) }
  const found = await system.read((sql) => delegateId(sql, sought))
  return found === viewer?.id ? null : found
}

builder.mutationField('grantDelegation', (t) =>
  t.field({
    ...requiresSteppedUp(['self']),
    type: GrantDelegationResultType,
    description: 'Lets somebody else act for the caller, with the named scopes, until a date.',
    args: { input: t.arg({ type: GrantDelegationInputType, required: true }) },
    resolve: async (_, { input }, context) => {
      const { viewer, now } = context
      if (!viewer || !ownDelegationsOf(viewer)) throw new AppError('FORBIDDEN', 'Not in this name.')
      const grant = grantFrom(input, { scopes: viewer.scopes, at: now() })
      if ('__typename' in grant) return grant
      const toId = await delegateIn(input, context)
      return toId
        ? grantOnce(context, { viewer, toId, grant })
        : userError('NotFoundError', 'There is nobody like this who could act for you.', [
            input.toUserId ? 'toUserId' : 'email',
          ])
    },
  }),
)
