import { pageArguments, paged, requires, requiresSteppedUp, seenBy } from '#kit/builder'
import { connectionOf, pageFrom } from '#kit/connection'
import { toGlobalId } from '#kit/id'
import { builder, NodeType } from '../builder.ts'
import { type ApiKeyRow, apiKeysPage } from './queries.ts'

/** A key opens a door for months: whoever makes or ends one has proven a second factor lately. */
export const administeredByTwo = requiresSteppedUp(['clients:admin'])

export const ApiKeyType = builder.objectRef<ApiKeyRow>('ApiKey').implement({
  ...seenBy.staff,
  description: "The key of a partner's program: a program of its own, without tokens.",
  interfaces: [NodeType],
  isTypeOf: (value) => 'revokedAt' in Object(value) && 'rateLimitPerMinute' in Object(value),
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => toGlobalId('ApiKey', id) }),
    beginning: t.string({
      description: 'How its text begins, to recognise it where it is used.',
      resolve: ({ id }) => `plx_${id.replaceAll('-', '')}_`,
    }),
    name: t.exposeString('name'),
    scopes: t.exposeStringList('scopes'),
    rateLimitPerMinute: t.exposeInt('rateLimitPerMinute'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    rotatedAt: t.expose('rotatedAt', { type: 'DateTime', nullable: true }),
    overlapUntil: t.expose('previousUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when the key before the last rotation is good as well.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'To the minute. Null while it never was.',
    }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true }),
  }),
})

const ApiKeyConnectionType = builder.connectionObject(
  { type: ApiKeyType, name: 'ApiKeyConnection' },
  { name: 'ApiKeyEdge' },
)

builder.queryField('apiKeys', (t) =>
  t.field({
    ...requires(['clients:admin']),
    ...paged,
    type: ApiKeyConnectionType,
    description: 'Keys of partners, ended ones too, in the order in which they were made.',
    args: {
      first: t.arg.int(pageArguments.first),
      after: t.arg.string(pageArguments.after),
    },
    resolve: async (_, args, { db }) => {
      const page = pageFrom(args)
      const rows = await db.read((sql) => apiKeysPage(sql, page))
      return connectionOf(page, rows, ({ id }) => ({ key: '', id }))
    },
  }),
)
