import { requires } from '#kit/builder'
import { fromGlobalId, toGlobalId } from '#kit/id'
import type { Role } from '#schema/scopes'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { rolesOf } from './queries.ts'
import { RoleType } from './type.ts'

type Person = { id: string; roles: readonly Role[] }

/** People as the accounts know them; somebody without an account here has no roles. */
export const UserType = builder.loadableObjectRef<Person, string>('User', {
  load: async (ids: string[], { db }: Context) => {
    const rows = await db.read((sql) => rolesOf(sql, ids))
    const known = new Map(rows.map(({ id, roles }) => [id, roles]))
    return ids.map((id) => ({ id, roles: known.get(id) ?? [] }))
  },
})

UserType.implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => toGlobalId('User', id) }),
    roles: t.field({
      ...requires(['users:admin']),
      type: [RoleType],
      description: 'What the account may do. Empty for somebody who signs in elsewhere.',
      resolve: ({ roles }) => [...roles],
    }),
  }),
})

builder.asEntity(UserType, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => {
    const person = fromGlobalId('User', id)
    return person ? UserType.getDataloader(context).load(person) : null
  },
})
