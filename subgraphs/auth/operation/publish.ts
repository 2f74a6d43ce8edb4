import { audit, auditedBy } from '#kit/audit'
import { requires, seenBy } from '#kit/builder'
import { AppError } from '#kit/errors'
import type { Viewer } from '#kit/identity-token'
import type { Transaction } from '#kit/postgres'
import { type UserError, userError } from '#kit/user-error'
import { builder, UserErrorType, ValidationErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import type { Fit, Unfit } from './catalog.ts'
import { hashOf } from './judge.ts'
import { mayAdministerOperations, mayPublish } from './policy.ts'
import { type OperationRow, operationsByHash, programNamed } from './queries.ts'
import { isHouseClient, type PublicationDraft, publicationFrom } from './rules.ts'
import { type Stored, store } from './store.ts'
import { PersistedOperationType } from './type.ts'

type Published = {
  __typename: 'OperationsPublished'
  accepted: number
  unchanged: number
  operations: readonly OperationRow[]
}
type Rejected = UserError<'OperationRejectedError'> & {
  readonly name: string
  readonly hash: string
  readonly cost: number | null
  readonly limit: number
}

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

const rejected = ({ operation, code, message, cost, limit }: Unfit, index: number): Rejected => ({
  ...{ __typename: 'OperationRejectedError', code, message, cost, limit },
  path: ['operations', String(index), 'document'],
  name: operation.name,
  hash: hashOf(operation.document),
})

const noSuchClient = userError('ValidationError', 'There is no such client.', ['clientName'])

/** The client as the registry knows it. Null for one that is not there, or not this viewer's. */
async function clientOf(name: string, viewer: Viewer, { db }: Context): Promise<string | null> {
  if (isHouseClient(name)) return mayAdministerOperations(viewer) ? name : null
  // Where another provider keeps the programs, a program knows only its own id.
  if (name === viewer.id && viewer.roles.includes('PARTNER_APP')) return viewer.id
  const program = await db.read((sql) => programNamed(sql, name))
  return program === viewer.id || mayAdministerOperations(viewer) ? program : null
}

type Publication = {
  readonly client: string
  readonly draft: PublicationDraft
  readonly fits: readonly Fit[]
}

async function storeAudited(sql: Transaction, publication: Publication, context: Context) {
  const { client, draft, fits } = publication
  const { viewer, now, requestId } = context
  if (!viewer) throw new AppError('UNAUTHENTICATED', 'Sign in to do this.')
  const version = draft.clientVersion
  const at = now()
  const stored = await store(sql, { client, version, fits, by: viewer.id, at })
  for (const { id, hash, name } of stored.fresh)
    await audit(sql, {
      ...{ action: 'auth.operation-published', ...auditedBy(viewer), requestId },
      ...{ entity: 'PersistedOperation', entityId: id },
      detail: { client, version, name, hash },
    })
  return stored
}

async function answerOf(sql: Transaction, { client, fits }: Publication, { fresh }: Stored) {
  const hashes = fits.map(({ hash }) => hash)
  const operations = await operationsByHash(sql, client, hashes)
  const accepted = fresh.length
  return {
    __typename: 'OperationsPublished' as const,
    ...{ accepted, unchanged: new Set(hashes).size - accepted, operations },
  }
}

async function publish(draft: PublicationDraft, context: Context) {
  const { viewer, db, catalog } = context
  if (!mayPublish(viewer)) throw new AppError('FORBIDDEN', 'You may not do this.')
  const client = await clientOf(draft.clientName, viewer, context)
  if (client === null) return noSuchClient
  const fits = await catalog.judge(client, draft.operations)
  if ('code' in fits) return rejected(fits, draft.operations.indexOf(fits.operation))
  return db.write(async (sql) => {
    const publication = { client, draft, fits }
    const stored = await storeAudited(sql, publication, context)
    if (stored.refused) {
      const index = fits.indexOf(stored.refused.fit)
      return rejected({ ...stored.refused, operation: stored.refused.fit }, index)
    }
    return answerOf(sql, publication, stored)
  })
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
