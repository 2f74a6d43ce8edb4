import { requires, signedIn } from '#kit/builder'
import { fromGlobalId, toGlobalId } from '#kit/id'
import type { Viewer } from '#kit/identity-token'
import { emit } from '#kit/outbox'
import { userError } from '#kit/user-error'
import { builder, NotFoundErrorType } from '../builder.ts'
import { ownSessionsOf } from './policy.ts'
import { revokeSession, type SessionRow, sessionsOf } from './queries.ts'

const SessionType = builder.objectRef<SessionRow>('Session').implement({
  description: 'A browser in which the caller is signed in.',
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => toGlobalId('Session', id) }),
    current: t.boolean({
      description: 'True for the session that asks.',
      resolve: ({ id }, _, { viewer }) => viewer?.sessionId === id,
    }),
    device: t.exposeString('device'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
  }),
})

const ViewerType = builder.objectRef<Viewer>('Viewer').implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => toGlobalId('Viewer', id) }),
    sessions: t.field({
      ...requires(['self']),
      type: [SessionType],
      description: "The caller's live browser sessions, last used first.",
      resolve: async (_, __, { viewer, db, now }) => {
        const personId = ownSessionsOf(viewer)
        return personId ? db.read((sql) => sessionsOf(sql, { personId, at: now() })) : []
      },
    }),
  }),
})

builder.asEntity(ViewerType, {
  key: builder.selection<{ id: string }>('id'),
  // A viewer is only ever oneself.
  resolveReference: ({ id }, { viewer }) =>
    viewer && fromGlobalId('Viewer', id) === viewer.id ? viewer : null,
})

const SessionRevokedType = builder
  .objectRef<{ __typename: 'SessionRevoked'; id: string }>('SessionRevoked')
  .implement({ fields: (t) => ({ id: t.exposeID('id') }) })

const RevokeSessionResultType = builder.unionType('RevokeSessionResult', {
  types: [SessionRevokedType, NotFoundErrorType],
  resolveType: ({ __typename }) => __typename,
})

builder.mutationField('revokeSession', (t) =>
  t.field({
    ...signedIn,
    type: RevokeSessionResultType,
    description: "Ends one of the caller's own sessions.",
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_, { id }, { viewer, db, now }) => {
      const sessionId = fromGlobalId('Session', id)
      const personId = ownSessionsOf(viewer)
      const missing = userError('NotFoundError', 'You have no such session.', ['id'])
      if (!sessionId || !personId) return missing
      return db.write(async (sql) => {
        const revoked = await revokeSession(sql, { id: sessionId, personId, at: now() })
        if (!revoked) return missing
        const payload = { sessionId, personId }
        await emit(sql, { topic: 'auth.session-revoked', entityId: sessionId, payload })
        return { __typename: 'SessionRevoked' as const, id }
      })
    },
  }),
)
