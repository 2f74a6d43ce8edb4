import { pageArguments, paged, requires, seenBy } from '#kit/builder'
import { connectionOf, pageFrom } from '#kit/connection'
import { toGlobalId } from '#kit/id'
import { builder, NodeType } from '../builder.ts'
import { type ClientRow, clientsPage } from './queries.ts'

/** Every act on clients, and reading them, asks for the same scope; a client is reached in no other way. */
export const administered = requires(['clients:admin'])

export const ApiClientType = builder.objectRef<ClientRow>('ApiClient').implement({
  ...seenBy.staff,
  description: "A partner's program: it signs in with a secret and runs registered operations.",
  interfaces: [NodeType],
  isTypeOf: (value) => 'disabledAt' in Object(value),
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => toGlobalId('ApiClient', id) }),
    clientId: t.exposeString('id', { description: 'What the program presents beside its secret.' }),
    name: t.exposeString('name'),
    scopes: t.exposeStringList('scopes', { description: 'The most that its tokens may hold.' }),
    rateLimitPerMinute: t.exposeInt('rateLimitPerMinute'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it last took a token. Null while it never did.',
    }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it gets no tokens. Null while it may have them.',
    }),
  }),
})

const ApiClientConnectionType = builder.connectionObject(
  { type: ApiClientType, name: 'ApiClientConnection' },
  { name: 'ApiClientEdge' },
)

builder.queryField('apiClients', (t) =>
  t.field({
    ...administered,
    ...paged,
    type: ApiClientConnectionType,
    description:
      "Partners' programs, disabled ones too, in the order in which they were registered.",
    args: {
      first: t.arg.int(pageArguments.first),
      after: t.arg.string(pageArguments.after),
    },
    resolve: async (_, args, { db }) => {
      const page = pageFrom(args)
      const rows = await db.read((sql) => clientsPage(sql, page))
      return connectionOf(page, rows, ({ id }) => ({ key: '', id }))
    },
  }),
)
