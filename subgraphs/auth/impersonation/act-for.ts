import { signedIn } from '#kit/builder'
import { fromGlobalId } from '#kit/id'
import { userError } from '#kit/user-error'
import { readScopes } from '#schema/scopes'
import { builder, ForbiddenErrorType, NotFoundErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { begin, tellAct } from './act.ts'
import { heldOf, isSelf, type Self } from './policy.ts'
import { delegationFor } from './queries.ts'

type Started = {
  __typename: 'ActingStarted'
  endsAt: Date
  displayName: string
  scopes: readonly string[]
}

const ActingStartedType = builder.objectRef<Started>('ActingStarted').implement({
  fields: (t) => ({
    endsAt: t.expose('endsAt', { type: 'DateTime' }),
    displayName: t.exposeString('displayName', { description: 'Whom the session acts for.' }),
    scopes: t.stringList({
      description: 'What of the named scopes they hold themselves.',
      resolve: ({ scopes }) => [...scopes],
    }),
  }),
})

const ActForResultType = builder.unionType('ActForResult', {
  types: [ActingStartedType, NotFoundErrorType, ForbiddenErrorType],
  resolveType: ({ __typename }) => __typename,
})

const missing = userError('NotFoundError', 'There is no such delegation to you.', ['delegationId'])
const forbidden = (message: string) => userError('ForbiddenError', message, ['delegationId'])

function act({ accounts, now, requestId }: Context, viewer: Self, id: string) {
  return accounts.db.write(async (sql) => {
    const startedAt = now()
    const delegation = await delegationFor(sql, { id, toId: viewer.id, at: startedAt })
    if (!delegation) return missing
    const { fromId: personId, scopes, expiresAt: endsAt } = delegation
    const person = await accounts.directory.find(sql, personId)
    if (!person || person.disabledAt) return missing
    const held = heldOf(scopes, person.roles)
    if (held.length === 0) return forbidden('They may not do any of this themselves any more.')
    const { displayName, roles } = person
    const people = { actorId: viewer.id, personId, delegationId: id }
    const begun = await begin(sql, {
      ...{ ...people, sessionId: viewer.sessionId, displayName, roles, scopes },
      ...{ readOnly: scopes.every((scope) => readScopes.has(scope)), reason: null },
      ...{ startedAt, endsAt },
    })
    if (!begun) return forbidden('Your session acts for somebody already, or is over.')
    await tellAct(sql, people, { what: 'started', requestId, detail: { scopes: held } })
    return { __typename: 'ActingStarted' as const, endsAt, displayName, scopes: held }
  })
}

builder.mutationField('actFor', (t) =>
  t.field({
    ...signedIn,
    type: ActForResultType,
    description:
      'The session that asks acts for whoever named the caller as their delegate, with the named scopes as far as that person holds them, until it ends or is revoked.',
    args: { delegationId: t.arg.id({ required: true }) },
    resolve: async (_, { delegationId }, context) => {
      const { viewer } = context
      if (!isSelf(viewer)) return forbidden('Only a person in their own session may do this.')
      const id = fromGlobalId('Delegation', delegationId)
      return id ? act(context, viewer, id) : missing
    },
  }),
)
