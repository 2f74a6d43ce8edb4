import { pageArguments, paged, requires } from '#kit/builder'
import { connectionOf, pageFrom } from '#kit/connection'
import { fromGlobalId } from '#kit/id'
import { soughtText } from '#kit/like'
import { builder } from '../builder.ts'
import { countPeople, peoplePage } from './queries.ts'
import { UserType } from './type.ts'

const UserConnectionType = builder.connectionObject(
  {
    type: UserType,
    name: 'UserConnection',
    fields: (t) => ({
      totalCount: t.int({ nullable: true, resolve: ({ count }) => count?.() ?? null }),
    }),
  },
  { name: 'UserEdge' },
)

builder.queryFields((t) => ({
  user: t.field({
    ...requires(['users:read']),
    type: UserType,
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }) => fromGlobalId('User', id),
  }),
  users: t.field({
    ...requires(['users:admin']),
    ...paged,
    type: UserConnectionType,
    args: {
      first: t.arg.int(pageArguments.first),
      after: t.arg.string(pageArguments.after),
      search: t.arg.string({ validate: soughtText('search') }),
    },
    resolve: async (_, args, { db }) => {
      const page = pageFrom(args)
      const search = args.search || null
      const rows = await db.read((sql) => peoplePage(sql, page, search))
      return {
        ...connectionOf(page, rows, ({ displayName, id }) => ({ key: displayName, id })),
        count: () => db.read((sql) => countPeople(sql, search)),
      }
    },
  }),
}))
