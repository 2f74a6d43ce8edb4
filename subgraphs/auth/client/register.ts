import { AppError } from '#kit/errors'
import { once } from '#kit/idempotency'
import type { Viewer } from '#kit/identity-token'
import { emit } from '#kit/outbox'
import type { Transaction } from '#kit/postgres'
import { type UserError, userError } from '#kit/user-error'
import { builder, ConflictErrorType, ValidationErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { mayAdministerClients } from './policy.ts'
import { type ClientRow, insertClient, replaceUnusedSecret } from './queries.ts'
import {
  type ClientDraft,
  clientDraftFrom,
  newSecret,
  repeatableMinutes,
  secretHash,
} from './rules.ts'
import { auditClient, provisionProgram } from './tell.ts'
import { ApiClientType, administered } from './type.ts'

type ClientRegistered = { __typename: 'ClientRegistered'; client: ClientRow; secret: string }

const ClientRegisteredType = builder.objectRef<ClientRegistered>('ClientRegistered').implement({
  fields: (t) => ({
    client: t.field({ type: ApiClientType, resolve: ({ client }) => client }),
    secretShownOnce: t.exposeString('secret', {
      description: 'Only its hash is kept: whoever loses it rotates it.',
    }),
  }),
})

const RegisterClientResultType = builder.unionType('RegisterClientResult', {
  types: [ClientRegisteredType, ValidationErrorType, ConflictErrorType],
  resolveType: ({ __typename }) => __typename,
})

const RegisterClientInputType = builder.inputType('RegisterClientInput', {
  fields: (t) => ({
    idempotencyKey: t.string({ required: true }),
    name: t.string({ required: true }),
    scopes: t.stringList({ required: true }),
    rateLimitPerMinute: t.int({ required: true, defaultValue: 600 }),
  }),
})

type Registration = { draft: ClientDraft; by: Viewer; key: string; at: Date; requestId: string }
type Inserted = { __typename: 'Inserted'; id: string } | UserError<'ConflictError'>

async function tell(sql: Transaction, client: ClientRow, { by, requestId }: Registration) {
  const { id, name, scopes } = client
  await emit(sql, {
    topic: 'auth.api-client-registered',
    entityId: id,
    payload: { clientId: id, name, scopes, registeredBy: by.id },
  })
  await provisionProgram(sql, client)
  await auditClient(sql, 'auth.api-client-registered', {
    id,
    by,
    requestId,
    detail: { name, scopes },
  })
}

/** What is kept for a repeat names the client and has no secret. */
function insertOnce(sql: Transaction, registration: Registration) {
  const { draft, by, key, at } = registration
  return once<Inserted>(
    sql,
    { principal: by.id, key, operation: 'registerApiClient', request: draft },
    async () => {
      const client = await insertClient(sql, {
        ...draft,
        secretHash: secretHash(newSecret()),
        createdAt: at,
      })
      if (!client) return userError('ConflictError', 'A client has this name already.', ['name'])
      await tell(sql, client, registration)
      return { __typename: 'Inserted', id: client.id }
    },
  )
}

/**
 * A repeat whose first answer was lost gets the same client with a new secret, as long as nobody
 * has used the first one: so nothing that opens a door is kept to be said again.
 */
async function register(sql: Transaction, registration: Registration) {
  const inserted = await insertOnce(sql, registration)
  if (inserted.__typename === 'ConflictError') return inserted
  const secret = newSecret()
  const client = await replaceUnusedSecret(sql, {
    id: inserted.id,
    secretHash: secretHash(secret),
    since: new Date(registration.at.getTime() - repeatableMinutes * 60_000),
  })
  return client
    ? { __typename: 'ClientRegistered' as const, client, secret }
    : userError('ConflictError', 'This client is registered already. Rotate its secret.', [
        'idempotencyKey',
      ])
}

builder.mutationField('registerApiClient', (t) =>
  t.field({
    ...administered,
    type: RegisterClientResultType,
    description:
      'Registers a program of a partner. Repeated within ten minutes with the same key, the answer has the same client and a new secret, unless the first one was used.',
    args: { input: t.arg({ type: RegisterClientInputType, required: true }) },
    resolve: async (_, { input: { idempotencyKey: key, ...input } }, context: Context) => {
      const { viewer, db, now, requestId } = context
      if (!mayAdministerClients(viewer)) throw new AppError('FORBIDDEN', 'You may not do this.')
      const draft = clientDraftFrom(input)
      if ('__typename' in draft) return draft
      return db.write((sql) => register(sql, { draft, by: viewer, key, at: now(), requestId }))
    },
  }),
)
