import { pageArguments, paged, requires, seenBy } from '#kit/builder'
import { connectionOf, pageFrom } from '#kit/connection'
import { toGlobalId } from '#kit/id'
import { soughtText } from '#kit/like'
import { builder, NodeType } from '../builder.ts'
import { type OperationRow, operationsPage } from './queries.ts'

/** Each of these asks for the same scope; nobody else learns what others may run. */
const read = requires(['operations:read'])

const OperationKindType = builder.enumType('OperationKind', {
  ...seenBy.partners,
  values: {
    QUERY: { value: 'query' },
    MUTATION: { value: 'mutation' },
    SUBSCRIPTION: { value: 'subscription' },
  } as const,
})

export const PersistedOperationType = builder
  .objectRef<OperationRow>('PersistedOperation')
  .implement({
    description: 'A document that a client may run by its hash alone.',
    ...seenBy.partners,
    interfaces: [NodeType],
    isTypeOf: (value) => 'retiredAt' in Object(value) && 'document' in Object(value),
    fields: (t) => ({
      id: t.id({ resolve: ({ id }) => toGlobalId('PersistedOperation', id) }),
      hash: t.exposeString('hash', { description: 'The SHA-256 of the text, in hexadecimal.' }),
      name: t.exposeString('name'),
      kind: t.expose('kind', { type: OperationKindType }),
      document: t.exposeString('document'),
      description: t.exposeString('description', { nullable: true }),
      cost: t.exposeInt('cost', { description: 'Its estimate in points, without variables.' }),
      contract: t.exposeString('contract', { description: 'What of the graph it may ask for.' }),
      client: t.exposeString('client', {
        description:
          '`web`, `partner` for every partner, `public` for anybody, or the id of a program.',
      }),
      clientName: t.string({
        description: 'What the program is called; the client itself where it is none.',
        resolve: ({ programName, client }) => programName ?? client,
      }),
      clientVersion: t.exposeString('version', {
        description:
          'The version of the client that published it first; empty where it named none.',
      }),
      calls: t.int({
        description: 'How often it ran.',
        resolve: ({ calls }) => Math.min(calls, 2_147_483_647),
      }),
      p95Ms: t.exposeFloat('p95Ms', {
        nullable: true,
        description: 'What 95 of 100 runs stayed below lately. Null while it never ran.',
      }),
      firstSeenAt: t.expose('firstSeen', { type: 'DateTime' }),
      lastSeenAt: t.expose('lastSeen', {
        type: 'DateTime',
        nullable: true,
        description: 'When it last ran. Null while it never did.',
      }),
      retiredAt: t.expose('retiredAt', {
        type: 'DateTime',
        nullable: true,
        description: 'Since when it is refused. Null while it may run.',
      }),
    }),
  })

const PersistedOperationConnectionType = builder.connectionObject(
  { type: PersistedOperationType, name: 'PersistedOperationConnection' },
  { name: 'PersistedOperationEdge' },
)

builder.queryField('persistedOperations', (t) =>
  t.field({
    ...read,
    ...paged,
    type: PersistedOperationConnectionType,
    description: 'What clients may run, retired operations too, by name.',
    args: {
      first: t.arg.int(pageArguments.first),
      after: t.arg.string(pageArguments.after),
      client: t.arg.string({ description: 'One client alone, as in `client` of an operation.' }),
      search: t.arg.string({
        validate: soughtText('search'),
        description: 'A part of a name or of a text, or how a hash begins.',
      }),
    },
    resolve: async (_, { client, search, ...args }, { db }) => {
      const page = pageFrom(args)
      const wanted = { ...page, client: client ?? null, search: search?.trim() || null }
      const rows = await db.read((sql) => operationsPage(sql, wanted))
      return connectionOf(page, rows, ({ name, id }) => ({ key: name, id }))
    },
  }),
)
