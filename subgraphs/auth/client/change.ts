import { AppError } from '#kit/errors'
import { fromGlobalId } from '#kit/id'
import type { Viewer } from '#kit/identity-token'
import { emit } from '#kit/outbox'
import type { Transaction } from '#kit/postgres'
import { userError } from '#kit/user-error'
import { builder, ConflictErrorType, NotFoundErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { mayAdministerClients } from './policy.ts'
import { type ClientRow, clientsByIds, disableClient, replaceSecret } from './queries.ts'
import { newSecret, secretHash } from './rules.ts'
import { auditClient } from './tell.ts'
import { ApiClientType, administered } from './type.ts'

type ClientSecretRotated = { __typename: 'ClientSecretRotated'; client: ClientRow; secret: string }

const ClientSecretRotatedType = builder
  .objectRef<ClientSecretRotated>('ClientSecretRotated')
  .implement({
    fields: (t) => ({
      client: t.field({ type: ApiClientType, resolve: ({ client }) => client }),
      secretShownOnce: t.exposeString('secret'),
    }),
  })

const ApiClientDisabledType = builder
  .objectRef<{ __typename: 'ApiClientDisabled'; client: ClientRow }>('ApiClientDisabled')
  .implement({
    fields: (t) => ({ client: t.field({ type: ApiClientType, resolve: ({ client }) => client }) }),
  })

const RotateClientSecretResultType = builder.unionType('RotateClientSecretResult', {
  types: [ClientSecretRotatedType, NotFoundErrorType, ConflictErrorType],
  resolveType: ({ __typename }) => __typename,
})

const DisableApiClientResultType = builder.unionType('DisableApiClientResult', {
  types: [ApiClientDisabledType, NotFoundErrorType],
  resolveType: ({ __typename }) => __typename,
})

const missing = userError('NotFoundError', 'There is no such client.', ['id'])

type Change = { id: string; by: Viewer; at: Date; requestId: string }

/** The uuid behind the id and who asks. Null for no id of a client; throws FORBIDDEN. */
function changeFrom(globalId: string, { viewer, now, requestId }: Context): Change | null {
  if (!mayAdministerClients(viewer)) throw new AppError('FORBIDDEN', 'You may not do this.')
  const id = fromGlobalId('ApiClient', globalId)
  return id ? { id, by: viewer, at: now(), requestId } : null
}

async function tell(sql: Transaction, what: string, change: Change) {
  const { id, by } = change
  await emit(sql, {
    topic: `auth.api-client-${what}`,
    entityId: id,
    payload: { clientId: id, changedBy: by.id },
  })
  await auditClient(sql, `auth.api-client-${what}`, change)
}

async function rotate(sql: Transaction, change: Change) {
  const secret = newSecret()
  const { id, at } = change
  const client = await replaceSecret(sql, { id, at, secretHash: secretHash(secret) })
  if (client) {
    await tell(sql, 'secret-rotated', change)
    return { __typename: 'ClientSecretRotated' as const, client, secret }
  }
  const known = await clientsByIds(sql, [id])
  return known.length > 0 ? userError('ConflictError', 'This client is disabled.', ['id']) : missing
}

async function disable(sql: Transaction, change: Change) {
  const disabled = await disableClient(sql, change)
  if (disabled) await tell(sql, 'disabled', change)
  const client = disabled ?? (await clientsByIds(sql, [change.id]))[0]
  return client ? { __typename: 'ApiClientDisabled' as const, client } : missing
}

builder.mutationFields((t) => ({
  rotateClientSecret: t.field({
    ...administered,
    type: RotateClientSecretResultType,
    description: 'Gives a client a new secret; the one before is refused from now on.',
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_, { id }, context) => {
      const change = changeFrom(id, context)
      return change ? context.db.write((sql) => rotate(sql, change)) : missing
    },
  }),
  disableApiClient: t.field({
    ...administered,
    type: DisableApiClientResultType,
    description: 'Ends a client for good: every gateway refuses its tokens within a second.',
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_, { id }, context) => {
      const change = changeFrom(id, context)
      return change ? context.db.write((sql) => disable(sql, change)) : missing
    },
  }),
}))
