import { requiresSteppedUp } from '#kit/builder'
import { fromGlobalId } from '#kit/id'
import { userError } from '#kit/user-error'
import { builder, ForbiddenErrorType, NotFoundErrorType, ValidationErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { begin, tellAct } from './act.ts'
import { isSelf, mayChange, mayImpersonate, type Self } from './policy.ts'
import { type Impersonation, impersonationFrom, minutesMax } from './rules.ts'

type Started = { __typename: 'ImpersonationStarted'; endsAt: Date; displayName: string }

const ImpersonationStartedType = builder.objectRef<Started>('ImpersonationStarted').implement({
  fields: (t) => ({
    endsAt: t.expose('endsAt', { type: 'DateTime', description: 'It ends by itself then.' }),
    displayName: t.exposeString('displayName', { description: 'Whom the session acts for.' }),
  }),
})

const StartImpersonationResultType = builder.unionType('StartImpersonationResult', {
  types: [ImpersonationStartedType, ValidationErrorType, NotFoundErrorType, ForbiddenErrorType],
  resolveType: ({ __typename }) => __typename,
})

const StartImpersonationInputType = builder.inputType('StartImpersonationInput', {
  fields: (t) => ({
    userId: t.id({ required: true }),
    reason: t.string({ required: true, description: 'At least 10 characters; it is audited.' }),
    minutes: t.int({ defaultValue: minutesMax }),
    readOnly: t.boolean({
      defaultValue: true,
      description: 'False lets an administrator change things too.',
    }),
  }),
})

const missing = userError('NotFoundError', 'There is no such person.', ['userId'])
const forbidden = (message: string) => userError('ForbiddenError', message, ['userId'])

type Asked = Impersonation & { readonly viewer: Self; readonly userId: string }

function start({ accounts, now, requestId }: Context, asked: Asked) {
  const { viewer, userId, reason, minutes, readOnly } = asked
  return accounts.db.write(async (sql) => {
    const target = await accounts.directory.find(sql, userId)
    if (!target || target.disabledAt) return missing
    if (!mayImpersonate(viewer, target)) return forbidden('You may not act as this person.')
    const startedAt = now()
    const endsAt = new Date(startedAt.getTime() + minutes * 60_000)
    const { displayName, roles } = target
    const people = { actorId: viewer.id, personId: userId, delegationId: null }
    const begun = await begin(sql, {
      ...{ ...people, sessionId: viewer.sessionId, displayName, roles, scopes: null },
      ...{ readOnly, reason, startedAt, endsAt },
    })
    if (!begun) return forbidden('Your session acts for somebody already, or is over.')
    await tellAct(sql, people, {
      what: 'started',
      requestId,
      detail: { reason, minutes, readOnly },
    })
    return { __typename: 'ImpersonationStarted' as const, endsAt, displayName }
  })
}

builder.mutationField('startImpersonation', (t) =>
  t.field({
    ...requiresSteppedUp(['users:impersonate']),
    type: StartImpersonationResultType,
    description:
      'The session that asks acts as this person, for 15 minutes at most. Everything that is done is audited under both names.',
    args: { input: t.arg({ type: StartImpersonationInputType, required: true }) },
    resolve: async (_, { input }, context) => {
      const { viewer } = context
      if (!isSelf(viewer)) return forbidden('Only a person in their own session may do this.')
      const impersonation = impersonationFrom(input)
      if ('__typename' in impersonation) return impersonation
      if (!impersonation.readOnly && !mayChange(viewer)) {
        return userError('ForbiddenError', 'You may only look.', ['readOnly'])
      }
      const userId = fromGlobalId('User', input.userId)
      return userId ? start(context, { ...impersonation, viewer, userId }) : missing
    },
  }),
)
