import { requires } from '#kit/builder'
import { fromGlobalId, toGlobalId } from '#kit/id'
import type { Viewer } from '#kit/identity-token'
import { builder } from '../builder.ts'
import { ownSessionsOf } from './policy.ts'
import { type SessionRow, sessionsOf } from './queries.ts'

export const SessionType = builder.objectRef<SessionRow>('Session').implement({
  description: 'A browser in which somebody is signed in.',
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => toGlobalId('Session', id) }),
    current: t.boolean({
      description: 'True for the session that asks.',
      resolve: ({ id }, _, { viewer }) => viewer?.sessionId === id,
    }),
    device: t.exposeString('device', { description: 'What the browser says of itself.' }),
    ip: t.exposeString('ip', {
      description:
        'The network at the sign-in, /24 or /48 of IPv6: no whole address is kept. Empty when it is not known.',
    }),
    place: t.exposeString('place', {
      nullable: true,
      description:
        'Country code, or town and country code; null where the gateway has no file that knows.',
    }),
    acr: t.exposeString('acr', {
      description: 'The highest level proven in it: 1 a password, 2 a second factor.',
    }),
    impersonated: t.exposeBoolean('impersonated', {
      description: 'True while its person acts for somebody else in it.',
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
