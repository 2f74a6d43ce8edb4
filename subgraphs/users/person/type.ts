import { requires } from '#kit/builder'
import { AppError } from '#kit/errors'
import { fromGlobalId, toGlobalId } from '#kit/id'
import { builder, NodeType } from '../builder.ts'
import { becomesClient } from '../client/awaited.ts'
import type { Context } from '../context.ts'
import { mayReadDetails } from './policy.ts'
import { type PersonRow, peopleByIds } from './queries.ts'

const UserStatusType = builder.enumType('UserStatus', {
  values: ['ACTIVE', 'INVITED', 'SUSPENDED', 'ERASED'] as const,
})

export const UserType = builder.loadableObjectRef<PersonRow, string>('User', {
  load: (ids: string[], { db }: Context) => db.read((sql) => peopleByIds(sql, ids)),
  sort: (person) => person.id,
})

/** The rule lets every signed-in person in for the sake of their own; `detailOf` decides whose it is. */
const detail = requires(['users:read'], ['self'])

function detailOf<Key extends keyof PersonRow>(person: PersonRow, key: Key, { viewer }: Context) {
  if (mayReadDetails(viewer, person.id)) return person[key]
  throw new AppError('FORBIDDEN', 'Only the person and support may read this.')
}

UserType.implement({
  interfaces: [NodeType],
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => toGlobalId('User', id) }),
    displayName: t.exposeString('displayName'),
    email: t.string({
      ...detail,
      nullable: true,
      resolve: (person, _, context) => detailOf(person, 'email', context),
    }),
    locale: t.string({
      ...detail,
      resolve: (person, _, context) => detailOf(person, 'locale', context),
    }),
    timeZone: t.field({
      ...detail,
      type: 'TimeZone',
      resolve: (person, _, context) => detailOf(person, 'timeZone', context),
    }),
    status: t.field({
      ...detail,
      type: UserStatusType,
      resolve: (person, _, context) => detailOf(person, 'status', context),
    }),
    createdAt: t.field({
      ...detail,
      type: 'DateTime',
      resolve: (person, _, context) => detailOf(person, 'createdAt', context),
    }),
    lastLoginAt: t.expose('lastLoginAt', {
      ...requires(['users:admin']),
      type: 'DateTime',
      nullable: true,
      description: 'Null while they never signed in.',
    }),
    version: t.exposeInt('version'),
  }),
})

builder.asEntity(UserType, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: async ({ id }, context) => {
    const uuid = fromGlobalId('User', id)
    if (!uuid) return null
    const people = UserType.getDataloader(context)
    const person = await people.load(uuid).catch(() => null)
    if (person || !(await becomesClient(uuid, context))) return person
    people.clear(uuid)
    return people.load(uuid)
  },
})
