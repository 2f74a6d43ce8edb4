import { randomUUIDv7 } from 'bun'
import { newApiKey } from '#kit/api-key'
import { audit, auditedBy } from '#kit/audit'
import { AppError } from '#kit/errors'
import { once } from '#kit/idempotency'
import type { Viewer } from '#kit/identity-token'
import type { Transaction } from '#kit/postgres'
import { type UserError, userError } from '#kit/user-error'
import { builder, ConflictErrorType, ValidationErrorType } from '../builder.ts'
import { mayAdministerClients } from '../client/policy.ts'
import { provisionProgram } from '../client/tell.ts'
import { type ApiKeyRow, insertApiKey, replaceUnusedHash } from './queries.ts'
import { type ApiKeyDraft, apiKeyDraftFrom, repeatableMinutes } from './rules.ts'
import { ApiKeyType, administeredByTwo } from './type.ts'

type ApiKeyCreated = { __typename: 'ApiKeyCreated'; key: ApiKeyRow; secret: string }

const ApiKeyCreatedType = builder.objectRef<ApiKeyCreated>('ApiKeyCreated').implement({
  fields: (t) => ({
    key: t.field({ type: ApiKeyType, resolve: ({ key }) => key }),
    secretShownOnce: t.exposeString('secret', {
      description: 'The key itself. Only its hash is kept: whoever loses it rotates it.',
    }),
  }),
})

const CreateApiKeyResultType = builder.unionType('CreateApiKeyResult', {
  types: [ApiKeyCreatedType, ValidationErrorType, ConflictErrorType],
  resolveType: ({ __typename }) => __typename,
})

const CreateApiKeyInputType = builder.inputType('CreateApiKeyInput', {
  fields: (t) => ({
    idempotencyKey: t.string({ required: true }),
    name: t.string({ required: true }),
    scopes: t.stringList({ required: true }),
    expiresAt: t.field({ type: 'DateTime', required: true }),
    rateLimitPerMinute: t.int({ required: true, defaultValue: 600 }),
  }),
})

type Creation = {
  draft: ApiKeyDraft
  by: Viewer
  idempotencyKey: string
  at: Date
  requestId: string
}
type Inserted = { __typename: 'Inserted'; id: string } | UserError<'ConflictError'>

async function insert(sql: Transaction, { draft, by, at, requestId }: Creation): Promise<Inserted> {
  const id = randomUUIDv7()
  const secretHash = newApiKey(id).hash
  const key = await insertApiKey(sql, {
    ...{ ...draft, id, secretHash },
    createdBy: by.id,
    createdAt: at,
  })
  if (!key) return userError('ConflictError', 'A key has this name already.', ['name'])
  await provisionProgram(sql, key)
  const { name, scopes } = draft
  await audit(sql, {
    ...{ action: 'auth.api-key-created', ...auditedBy(by), requestId },
    ...{ entity: 'ApiKey', entityId: id },
    detail: { name, scopes, expiresAt: draft.expiresAt.toISOString() },
  })
  return { __typename: 'Inserted', id }
}

/**
 * What is kept for a repeat names the key and has no secret: a repeat whose first answer was lost
 * gets the same key with a new text, as long as nobody has used the first one.
 */
async function create(sql: Transaction, creation: Creation) {
  const { draft, by, idempotencyKey: key, at } = creation
  const request = { ...draft, expiresAt: draft.expiresAt.toISOString() }
  const asked = { principal: by.id, key, operation: 'createApiKey', request }
  const inserted = await once<Inserted>(sql, asked, () => insert(sql, creation))
  if (inserted.__typename === 'ConflictError') return inserted
  const { text, hash } = newApiKey(inserted.id)
  const made = await replaceUnusedHash(sql, {
    id: inserted.id,
    secretHash: hash,
    since: new Date(at.getTime() - repeatableMinutes * 60_000),
  })
  return made
    ? { __typename: 'ApiKeyCreated' as const, key: made, secret: text }
    : userError('ConflictError', 'This key is made already. Rotate it.', ['idempotencyKey'])
}

builder.mutationField('createApiKey', (t) =>
  t.field({
    ...administeredByTwo,
    type: CreateApiKeyResultType,
    description:
      'Makes a key for a program of a partner. Repeated within ten minutes with the same idempotency key, the answer has the same key with a new text, unless the first one was used.',
    args: { input: t.arg({ type: CreateApiKeyInputType, required: true }) },
    resolve: async (_, { input: { idempotencyKey, ...input } }, context) => {
      const { viewer: by, db, now, requestId } = context
      if (!mayAdministerClients(by)) throw new AppError('FORBIDDEN', 'You may not do this.')
      const at = now()
      const draft = apiKeyDraftFrom(input, at)
      if ('__typename' in draft) return draft
      return db.write((sql) => create(sql, { draft, by, idempotencyKey, at, requestId }))
    },
  }),
)
