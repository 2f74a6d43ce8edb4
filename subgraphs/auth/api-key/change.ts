import { newApiKey } from '#kit/api-key'
import { audit, auditedBy } from '#kit/audit'
import { AppError } from '#kit/errors'
import { fromGlobalId } from '#kit/id'
import type { Viewer } from '#kit/identity-token'
import type { Json, Transaction } from '#kit/postgres'
import { userError } from '#kit/user-error'
import { builder, ConflictErrorType, NotFoundErrorType, ValidationErrorType } from '../builder.ts'
import { mayAdministerClients } from '../client/policy.ts'
import type { Context } from '../context.ts'
import { type ApiKeyRow, lockApiKey, revokeKey, rotateHash } from './queries.ts'
import { overlapFault, renewedUntil } from './rules.ts'
import { ApiKeyType, administeredByTwo } from './type.ts'

type ApiKeyRotated = { __typename: 'ApiKeyRotated'; key: ApiKeyRow; secret: string }

const ApiKeyRotatedType = builder.objectRef<ApiKeyRotated>('ApiKeyRotated').implement({
  fields: (t) => ({
    key: t.field({ type: ApiKeyType, resolve: ({ key }) => key }),
    secretShownOnce: t.exposeString('secret'),
  }),
})

const ApiKeyRevokedType = builder
  .objectRef<{ __typename: 'ApiKeyRevoked'; key: ApiKeyRow }>('ApiKeyRevoked')
  .implement({
    fields: (t) => ({ key: t.field({ type: ApiKeyType, resolve: ({ key }) => key }) }),
  })

const RotateApiKeyResultType = builder.unionType('RotateApiKeyResult', {
  types: [ApiKeyRotatedType, ValidationErrorType, NotFoundErrorType, ConflictErrorType],
  resolveType: ({ __typename }) => __typename,
})

const RevokeApiKeyResultType = builder.unionType('RevokeApiKeyResult', {
  types: [ApiKeyRevokedType, NotFoundErrorType],
  resolveType: ({ __typename }) => __typename,
})

const missing = userError('NotFoundError', 'There is no such key.', ['id'])
const ended = userError('ConflictError', 'This key is revoked. Make a new one.', ['id'])

type Change = { id: string; by: Viewer; at: Date; requestId: string }

/** The uuid behind the id and who asks. Null for no id of a key; throws FORBIDDEN. */
function changeFrom(globalId: string, { viewer, now, requestId }: Context): Change | null {
  if (!mayAdministerClients(viewer)) throw new AppError('FORBIDDEN', 'You may not do this.')
  const id = fromGlobalId('ApiKey', globalId)
  return id ? { id, by: viewer, at: now(), requestId } : null
}

type Act = Change & { what: 'rotated' | 'revoked'; detail: Json }

const tell = (sql: Transaction, { id, by, requestId, what, detail }: Act) =>
  audit(sql, {
    ...{ action: `auth.api-key-${what}`, ...auditedBy(by), requestId, detail },
    ...{ entity: 'ApiKey', entityId: id },
  })

const hourMs = 3_600_000

async function rotate(sql: Transaction, change: Change, overlapHours: number) {
  const { id, at } = change
  const known = await lockApiKey(sql, id)
  if (!known) return missing
  const { text, hash } = newApiKey(id)
  const overlapEnd = Math.min(at.getTime() + overlapHours * hourMs, known.expiresAt.getTime())
  const key = await rotateHash(sql, {
    ...{ id, at, secretHash: hash },
    previousUntil: overlapEnd > at.getTime() ? new Date(overlapEnd) : null,
    expiresAt: renewedUntil(known, at),
  })
  if (!key) return ended
  await tell(sql, { ...change, what: 'rotated', detail: { overlapHours } })
  return { __typename: 'ApiKeyRotated' as const, key, secret: text }
}

async function revoke(sql: Transaction, change: Change) {
  const known = await lockApiKey(sql, change.id)
  if (!known) return missing
  const key = await revokeKey(sql, change)
  if (key) await tell(sql, { ...change, what: 'revoked', detail: {} })
  return { __typename: 'ApiKeyRevoked' as const, key: key ?? known }
}

builder.mutationFields((t) => ({
  rotateApiKey: t.field({
    ...administeredByTwo,
    type: RotateApiKeyResultType,
    description:
      'Gives a key a new text and its lifetime once more. The text before is good for the hours of the overlap; one that is older is over.',
    args: {
      id: t.arg.id({ required: true }),
      overlapHours: t.arg.int({ required: true, defaultValue: 24 }),
    },
    resolve: async (_, { id, overlapHours }, context) => {
      const change = changeFrom(id, context)
      const fault = overlapFault(overlapHours)
      if (fault) return fault
      return change ? context.db.write((sql) => rotate(sql, change, overlapHours)) : missing
    },
  }),
  revokeApiKey: t.field({
    ...administeredByTwo,
    type: RevokeApiKeyResultType,
    description: 'Ends a key for good: every gateway refuses it within a second.',
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_, { id }, context) => {
      const change = changeFrom(id, context)
      return change ? context.db.write((sql) => revoke(sql, change)) : missing
    },
  }),
}))
