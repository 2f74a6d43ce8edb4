import { audit, auditedBy } from '#kit/audit'
import { requires, seenBy } from '#kit/builder'
import { AppError } from '#kit/errors'
import type { Viewer } from '#kit/identity-token'
import type { Transaction } from '#kit/postgres'
import { userError } from '#kit/user-error'
import { builder, NotFoundErrorType } from '../builder.ts'
import { mayAdministerOperations } from './policy.ts'
import { automaticClients, programNamed, setAutomatic } from './queries.ts'

const administered = requires(['operations:publish', 'operations:read'])

type Changed = { __typename: 'AutomaticOperationsChanged'; client: string; allowed: boolean }

const ChangedType = builder.objectRef<Changed>('AutomaticOperationsChanged').implement({
  ...seenBy.staff,
  fields: (t) => ({
    client: t.exposeString('client', { description: 'The id of the program.' }),
    allowed: t.exposeBoolean('allowed'),
  }),
})

const AllowAutomaticOperationsResultType = builder.unionType('AllowAutomaticOperationsResult', {
  ...seenBy.staff,
  types: [ChangedType, NotFoundErrorType],
  resolveType: ({ __typename }) => __typename,
})

type Change = { client: string; allowed: boolean; by: Viewer; at: Date; requestId: string }

async function change(sql: Transaction, { client, allowed, by, at, requestId }: Change) {
  if (!(await setAutomatic(sql, { client, automatic: allowed, changedBy: by.id, changedAt: at })))
    return
  await audit(sql, {
    ...{ action: 'auth.automatic-operations-changed', ...auditedBy(by), requestId },
    ...{ entity: 'ApiClient', entityId: client, detail: { allowed } },
  })
}

builder.mutationField('allowAutomaticOperations', (t) =>
  t.field({
    ...administered,
    type: AllowAutomaticOperationsResultType,
    description:
      'Whether a program may send texts that nobody published, to be known by their hash from then on. No program may unless it is said here; contract, limits, cost and scopes hold as for everything.',
    args: {
      clientName: t.arg.string({ required: true, description: 'Its name or its id.' }),
      allowed: t.arg.boolean({ required: true }),
    },
    resolve: async (_, { clientName, allowed }, { viewer: by, db, now, requestId }) => {
      if (!mayAdministerOperations(by)) throw new AppError('FORBIDDEN', 'You may not do this.')
      const client = await db.read((sql) => programNamed(sql, clientName))
      if (client === null)
        return userError('NotFoundError', 'There is no such client.', ['clientName'])
      await db.write((sql) => change(sql, { client, allowed, by, at: now(), requestId }))
      return { __typename: 'AutomaticOperationsChanged' as const, client, allowed }
    },
  }),
)

builder.queryField('automaticOperationClients', (t) =>
  t.field({
    ...requires(['operations:read', 'operations:publish']),
    type: ['String'],
    description: 'Ids of the programs that may send texts that nobody published.',
    resolve: (_, _arguments, { db }) => db.read(automaticClients),
  }),
)
