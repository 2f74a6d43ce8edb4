import { toGlobalId } from '#kit/id'
import { builder } from '../builder.ts'
import { UserType } from '../person/type.ts'
import type { DelegationRow } from './queries.ts'

export const DelegationType = builder.objectRef<DelegationRow>('Delegation').implement({
  description: 'Somebody may act for somebody else, with the named scopes, until it ends.',
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => toGlobalId('Delegation', id) }),
    from: t.field({ type: UserType, resolve: ({ fromId }) => fromId }),
    to: t.field({ type: UserType, resolve: ({ toId }) => toId }),
    scopes: t.exposeStringList('scopes'),
    reason: t.exposeString('reason', { nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
  }),
})
