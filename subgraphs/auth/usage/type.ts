import { pageArguments, paged, requires } from '#kit/builder'
import { connectionOf, pageFrom } from '#kit/connection'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { type ClientUse, type FieldUse, fieldUsesOf, isWanted } from './fields.ts'
import { operationUses } from './queries.ts'

const readsOperations = requires(['operations:read'])

const days = 30

const ClientUseType = builder.objectRef<ClientUse>('ClientUse').implement({
  fields: (t) => ({
    client: t.exposeString('client', {
      description: '`web` for our own pages, or the client id of a program.',
    }),
    clientName: t.exposeString('clientName', {
      description: 'What the program is called; the client itself where it is none.',
    }),
    calls: t.exposeFloat('calls', { description: 'A whole number.' }),
    lastCalledAt: t.expose('lastAt', { type: 'DateTime', nullable: true }),
  }),
})

const FieldUsageType = builder.objectRef<FieldUse>('FieldUsage').implement({
  description: 'A field of the graph, and who depended on it in the last 30 days.',
  fields: (t) => ({
    coordinate: t.exposeString('coordinate', { description: 'As `Coach.headline`.' }),
    deprecation: t.exposeString('deprecation', {
      nullable: true,
      description: 'What to use instead, and from when on it may be gone. Null while it stays.',
    }),
    calls: t.exposeFloat('calls', {
      description: 'Of operations that ask for it. A whole number.',
    }),
    clients: t.expose('clients', { type: [ClientUseType], description: 'Most calls first.' }),
    operations: t.exposeStringList('operations', {
      description: 'Names of the registered operations that ask for it, called or not.',
    }),
  }),
})

const FieldUsageConnectionType = builder.connectionObject(
  { type: FieldUsageType, name: 'FieldUsageConnection' },
  { name: 'FieldUsageEdge' },
)

const FieldUsageFilterType = builder.inputType('FieldUsageFilter', {
  fields: (t) => ({
    search: t.string({ description: 'Part of a coordinate, in any case.' }),
    deprecated: t.boolean(),
    used: t.boolean({ description: 'Whether anybody called it in the last 30 days.' }),
  }),
})

/** Coordinates tell fields apart; a cursor wants an id as well. */
const noId = '00000000-0000-0000-0000-000000000000'

builder.queryField('fieldUsages', (t) =>
  t.field({
    ...readsOperations,
    ...paged,
    type: FieldUsageConnectionType,
    description: 'Every field of the graph with who uses it, by coordinate.',
    args: {
      first: t.arg.int(pageArguments.first),
      after: t.arg.string(pageArguments.after),
      filter: t.arg({ type: FieldUsageFilterType }),
    },
    resolve: async (_, { filter, ...args }, { db, now, contracts }: Context) => {
      const page = pageFrom(args)
      const uses = await db.read((sql) => operationUses(sql, { today: now(), days }))
      const rows = fieldUsesOf(await contracts.schemaOf('admin'), uses)
        .filter(isWanted(filter ?? {}))
        .filter(({ coordinate }) => coordinate > (page.after?.key ?? ''))
      return connectionOf(page, rows.slice(0, page.limit + 1), ({ coordinate }) => ({
        key: coordinate,
        id: noId,
      }))
    },
  }),
)
