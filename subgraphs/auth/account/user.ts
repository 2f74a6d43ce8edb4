import { requires } from '#kit/builder'
import { fromGlobalId, toGlobalId } from '#kit/id'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { type AccountState, accountStatesOf } from './queries.ts'
import { RoleType } from './type.ts'

/** People as the accounts know them; somebody without an account here has no roles. */
export const UserType = builder.loadableObjectRef<AccountState, string>('User', {
  load: async (ids: string[], { db }: Context) => {
    const rows = await db.read((sql) => accountStatesOf(sql, ids))
    const known = new Map(rows.map((row) => [row.id, row]))
    return ids.map((id) => known.get(id) ?? { id, roles: [], disabledAt: null })
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
    disabledAt: t.expose('disabledAt', {
      ...requires(['users:admin']),
      type: 'DateTime',
      nullable: true,
      description: 'Since when they are let in nowhere; null while they are.',
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
