import { type AuditEntry, audit } from '#kit/audit'
import type { Database, Transaction } from '#kit/postgres'
import { type UserError, userError } from '#kit/user-error'
import type { Catalog, Fit, Unfit } from './catalog.ts'
import { hashOf } from './judge.ts'
import { type OperationRow, operationsByHash } from './queries.ts'
import type { PublicationDraft } from './rules.ts'
import { store } from './store.ts'

export type Published = {
  readonly __typename: 'OperationsPublished'
  readonly accepted: number
  readonly unchanged: number
  readonly operations: readonly OperationRow[]
}

/** One operation is refused, so none was published. */
export type Rejected = UserError<'OperationRejectedError'> & {
  readonly name: string
  readonly hash: string
  readonly cost: number | null
  readonly limit: number
}

export const noSuchClient = userError('ValidationError', 'There is no such client.', ['clientName'])

export type Publication = {
  readonly draft: PublicationDraft
  /** As the registry knows it. */
  readonly client: string
  /** Null for whoever runs the platform itself. */
  readonly publishedBy: string | null
  readonly told: Pick<AuditEntry, 'actorId' | 'onBehalfOf' | 'requestId'>
  readonly at: Date
}

type Deps = { readonly db: Database; readonly catalog: Catalog }

/** Publishes all of it or nothing; each operation that was not there before is told of. */
export async function publishAll(
  { db, catalog }: Deps,
  publication: Publication,
): Promise<Published | Rejected> {
  const { client, draft } = publication
  const fits = await catalog.judge(client, draft.operations)
  if ('code' in fits) return rejected(fits, draft.operations.indexOf(fits.operation))
  return db.write((sql) => storeTold(sql, publication, fits))
}

async function storeTold(
  sql: Transaction,
  { client, draft, publishedBy, told, at }: Publication,
  fits: readonly Fit[],
): Promise<Published | Rejected> {
  const version = draft.clientVersion
  const { fresh, refused } = await store(sql, { client, version, fits, by: publishedBy, at })
  if (refused) return rejected({ ...refused, operation: refused.fit }, fits.indexOf(refused.fit))
  for (const { id, hash, name } of fresh)
    await audit(sql, {
      ...{ action: 'auth.operation-published', ...told },
      ...{ entity: 'PersistedOperation', entityId: id },
      detail: { client, version, name, hash },
    })
  const hashes = new Set(fits.map(({ hash }) => hash))
  const accepted = fresh.length
  return {
    __typename: 'OperationsPublished',
    ...{ accepted, unchanged: hashes.size - accepted },
    operations: await operationsByHash(sql, client, [...hashes]),
  }
}

const rejected = ({ operation, code, message, cost, limit }: Unfit, index: number): Rejected => ({
  ...{ __typename: 'OperationRejectedError', code, message, cost, limit },
  path: ['operations', String(index), 'document'],
  name: operation.name,
  hash: hashOf(operation.document),
})
