import { auditedBy } from '#kit/audit'
import { requires } from '#kit/builder'
import { AppError } from '#kit/errors'
import { toGlobalId } from '#kit/id'
import { once } from '#kit/idempotency'
import type { Viewer } from '#kit/identity-token'
import { userError } from '#kit/user-error'
import { roles } from '#schema/scopes'
import { builder, ConflictErrorType, ValidationErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { weaknessOf } from '../credential/judge.ts'
import { wordsOf } from '../credential/strength.ts'
import { hashPassword } from './password.ts'
import { mayProvision } from './policy.ts'
import { provision } from './provision.ts'
import { type AccountDraft, accountDraftFrom } from './rules.ts'

export const RoleType = builder.enumType('Role', { values: roles })

const AccountProvisionedType = builder
  .objectRef<{ __typename: 'AccountProvisioned'; userId: string }>('AccountProvisioned')
  .implement({ fields: (t) => ({ userId: t.exposeID('userId') }) })

const ProvisionAccountResultType = builder.unionType('ProvisionAccountResult', {
  types: [AccountProvisionedType, ValidationErrorType, ConflictErrorType],
  resolveType: ({ __typename }) => __typename,
})

const ProvisionAccountInputType = builder.inputType('ProvisionAccountInput', {
  fields: (t) => ({
    idempotencyKey: t.string({ required: true }),
    email: t.string({ required: true }),
    displayName: t.string({ required: true }),
    password: t.string({ required: true }),
    locale: t.string({ defaultValue: 'fr' }),
    roles: t.field({ type: [RoleType], required: true }),
  }),
})

/** The stored request names everything but the password: its hash would be a fast one. */
async function provisionOnce(
  { db, accounts }: Context,
  { draft, by, key }: { draft: AccountDraft; by: Viewer; key: string },
) {
  const { password, ...request } = draft
  const known = wordsOf(draft)
  const weak = await weaknessOf(accounts.breach, { password, known }, ['password'])
  if (weak) return userError('ValidationError', weak.message, weak.path)
  const passwordHash = await hashPassword(password)
  return db.write((sql) =>
    once(sql, { principal: by.id, key, operation: 'provisionAccount', request }, async () => {
      const account = await provision(sql, accounts.directory, {
        ...{ ...request, passwordHash },
        by: auditedBy(by),
      })
      return account
        ? { __typename: 'AccountProvisioned' as const, userId: toGlobalId('User', account.id) }
        : userError('ConflictError', 'This e-mail already has an account.', ['email'])
    }),
  )
}

builder.mutationField('provisionAccount', (t) =>
  t.field({
    ...requires(['users:admin']),
    type: ProvisionAccountResultType,
    description: "Creates an account for somebody else. The new person's profile follows by event.",
    args: { input: t.arg({ type: ProvisionAccountInputType, required: true }) },
    resolve: async (_, { input: { idempotencyKey: key, ...input } }, context) => {
      const { viewer } = context
      if (!mayProvision(viewer)) throw new AppError('FORBIDDEN', 'You may not create accounts.')
      const draft = accountDraftFrom(input)
      if ('__typename' in draft) return draft
      return provisionOnce(context, { draft, by: viewer, key })
    },
  }),
)
