import { requires } from '#kit/builder'
import { fromGlobalId, toGlobalId } from '#kit/id'
import type { Viewer } from '#kit/identity-token'
import { builder } from '../builder.ts'
import { ownSessionsOf } from './policy.ts'
import { type SessionRow, sessionsOf } from './queries.ts'

const SessionType = builder.objectRef<SessionRow>('Session').implement({
  description: 'A browser in which the caller is signed in.',
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => toGlobalId('Session', id) }),
    current: t.boolean({
      description: 'True for the session that asks.',
      resolve: ({ id }, _, { viewer }) => viewer?.sessionId === id,
    }),
    device: t.exposeString('device'),
    ip: t.exposeString('ip', {
      description: 'The network address at the last sign-in; empty when it is not known.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
  }),
})

export const ViewerType = builder.objectRef<Viewer>('Viewer').implement({
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
