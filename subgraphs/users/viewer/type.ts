import { unguarded } from '#kit/builder'
import { fromGlobalId, toGlobalId } from '#kit/id'
import type { Viewer } from '#kit/identity-token'
import { roles } from '#schema/scopes'
import { builder } from '../builder.ts'
import { CoachType } from '../coach/type.ts'
import { UserType } from '../person/type.ts'

const RoleType = builder.enumType('Role', { values: roles })

export const ViewerType = builder.objectRef<Viewer>('Viewer').implement({
  description: 'The calling principal; other subgraphs add their part.',
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => toGlobalId('Viewer', id) }),
    user: t.field({
      type: UserType,
      nullable: true,
      description:
        'Null for an API client, and for the moment between a first sign-in and the arrival of the profile.',
      resolve: ({ id }) => id,
    }),
    coach: t.field({
      type: CoachType,
      nullable: true,
      description: "The caller's own coach profile, published or not.",
      resolve: ({ id }) => id,
    }),
    roles: t.field({ type: [RoleType], resolve: (viewer) => [...viewer.roles] }),
    scopes: t.stringList({ resolve: ({ scopes }) => [...scopes].sort() }),
  }),
})

builder.asEntity(ViewerType, {
  key: builder.selection<{ id: string }>('id'),
  // A viewer is only ever oneself.
  resolveReference: ({ id }, { viewer }) =>
    viewer && fromGlobalId('Viewer', id) === viewer.id ? viewer : null,
})

builder.queryField('viewer', (t) =>
  t.field({
    ...unguarded,
    type: ViewerType,
    nullable: true,
    description: 'Who is calling. Null when anonymous.',
    resolve: (_, __, { viewer }) => viewer,
  }),
)
