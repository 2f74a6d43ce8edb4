import { audit, auditedBy } from '#kit/audit'
import { requires } from '#kit/builder'
import { AppError } from '#kit/errors'
import { fromGlobalId } from '#kit/id'
import { userError } from '#kit/user-error'
import { UserType } from '../account/user.ts'
import { builder, NotFoundErrorType, ValidationErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { mayEndOthersSessions } from './policy.ts'
import { sessionsOfMany } from './queries.ts'
import { SessionsRevokedType } from './revoke.ts'
import { reasonFrom } from './rules.ts'
import { endSessionsOf } from './step-up.ts'
import { SessionType } from './type.ts'

builder.objectField(UserType, 'sessions', (t) =>
  t.loadableGroup({
    ...requires(['users:admin']),
    type: SessionType,
    description: 'Their live browser sessions, last used first.',
    load: (ids: string[], { db, now }: Context) =>
      db.read((sql) => sessionsOfMany(sql, { ids, at: now() })),
    group: ({ personId }) => personId,
    resolve: ({ id }) => id,
  }),
)

const RevokeUserSessionsResultType = builder.unionType('RevokeUserSessionsResult', {
  types: [SessionsRevokedType, NotFoundErrorType, ValidationErrorType],
  resolveType: ({ __typename }) => __typename,
})

const missing = userError('NotFoundError', 'There is no such person.', ['userId'])
const unreasoned = userError('ValidationError', 'Say why, in 3 to 500 characters.', ['reason'])

type Asked = { readonly personId: string; readonly reason: string }

const endAll = ({ viewer, db, now, requestId }: Context, { personId, reason }: Asked) =>
  db.write(async (sql) => {
    if (!viewer) throw new AppError('UNAUTHENTICATED', 'Sign in first.')
    const count = await endSessionsOf(sql, { personId, at: now(), reason })
    await audit(sql, {
      ...{ action: 'auth.sessions-revoked', ...auditedBy(viewer), requestId },
      ...{ entity: 'User', entityId: personId, detail: { count, reason } },
    })
    return { __typename: 'SessionsRevoked' as const, count }
  })

builder.mutationField('revokeUserSessions', (t) =>
  t.field({
    ...requires(['users:admin']),
    type: RevokeUserSessionsResultType,
    description: 'Signs another person out everywhere. The reason is audited.',
    args: { userId: t.arg.id({ required: true }), reason: t.arg.string({ required: true }) },
    resolve: async (_, { userId, reason: given }, context) => {
      if (!mayEndOthersSessions(context.viewer))
        throw new AppError('FORBIDDEN', 'You may not do this while you act for somebody else.')
      const personId = fromGlobalId('User', userId)
      const reason = reasonFrom(given)
      if (!personId) return missing
      return reason === null ? unreasoned : endAll(context, { personId, reason })
    },
  }),
)
