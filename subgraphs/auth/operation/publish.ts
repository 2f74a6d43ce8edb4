import { auditedBy } from '#kit/audit'
import { requires, seenBy } from '#kit/builder'
import { AppError } from '#kit/errors'
import type { Viewer } from '#kit/identity-token'
import { builder, UserErrorType, ValidationErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { mayAdministerOperations, mayPublish } from './policy.ts'
import { noSuchClient, type Published, publishAll, type Rejected } from './publication.ts'
import { programNamed } from './queries.ts'
import { isHouseClient, type PublicationDraft, publicationFrom } from './rules.ts'
import { PersistedOperationType } from './type.ts'

const OperationsPublishedType = builder.objectRef<Published>('OperationsPublished').implement({
  ...seenBy.partners,
  fields: (t) => ({
    accepted: t.exposeInt('accepted', { description: 'How many were not there before.' }),
    unchanged: t.exposeInt('unchanged'),
    operations: t.field({
      type: [PersistedOperationType],
      description: 'All of them, by name.',
      resolve: ({ operations }) => [...operations],
    }),
  }),
})

const OperationRejectedErrorType = builder.objectRef<Rejected>('OperationRejectedError').implement({
  ...seenBy.partners,
  description: 'One operation is refused, so none was published.',
  interfaces: [UserErrorType],
  fields: (t) => ({
    name: t.exposeString('name'),
    hash: t.exposeString('hash'),
    cost: t.exposeInt('cost', { nullable: true, description: 'Where that is the reason.' }),
    limit: t.exposeInt('limit', { description: 'What an operation may cost.' }),
  }),
})

const PublishOperationsResultType = builder.unionType('PublishOperationsResult', {
  ...seenBy.partners,
  types: [OperationsPublishedType, OperationRejectedErrorType, ValidationErrorType],
  resolveType: ({ __typename }) => __typename,
})

const OperationInputType = builder.inputType('OperationInput', {
  ...seenBy.partners,
  fields: (t) => ({
    name: t.string({ required: true }),
    document: t.string({
      required: true,
      description: 'GraphQL text with one operation of that name. Its hash is of this very text.',
    }),
  }),
})

const PublishOperationsInputType = builder.inputType('PublishOperationsInput', {
  ...seenBy.partners,
  fields: (t) => ({
    clientName: t.string({
      required: true,
      description:
        'The name or the id of a program: its own, for a program. Or `web`, `partner`, `public`.',
    }),
    clientVersion: t.string({ required: true, defaultValue: '' }),
    operations: t.field({ type: [OperationInputType], required: true }),
  }),
})

/** The client as the registry knows it. Null for one that is not there, or not this viewer's. */
async function clientOf(name: string, viewer: Viewer, { db }: Context): Promise<string | null> {
  if (isHouseClient(name)) return mayAdministerOperations(viewer) ? name : null
  // Where another provider keeps the programs, a program knows only its own id.
  if (name === viewer.id && viewer.roles.includes('PARTNER_APP')) return viewer.id
  const program = await db.read((sql) => programNamed(sql, name))
  return program === viewer.id || mayAdministerOperations(viewer) ? program : null
}

async function publish(draft: PublicationDraft, context: Context) {
  const { viewer, now, requestId } = context
  if (!mayPublish(viewer)) throw new AppError('FORBIDDEN', 'You may not do this.')
  const client = await clientOf(draft.clientName, viewer, context)
  if (client === null) return noSuchClient
  const told = { ...auditedBy(viewer), requestId }
  return publishAll(context, { draft, client, publishedBy: viewer.id, told, at: now() })
}

builder.mutationField('publishOperations', (t) =>
  t.field({
    ...requires(['operations:publish']),
    ...seenBy.partners,
    type: PublishOperationsResultType,
    description:
      'Publishes operations for a client: all of them or, when one is refused, none. What is there already stays as it is.',
    args: { input: t.arg({ type: PublishOperationsInputType, required: true }) },
    resolve: (_, { input }, context) => {
      const draft = publicationFrom(input)
      return '__typename' in draft ? draft : publish(draft, context)
    },
  }),
)
