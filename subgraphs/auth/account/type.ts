import { open, requires } from '#kit/builder'
import { AppError } from '#kit/errors'
import { toGlobalId } from '#kit/id'
import { once } from '#kit/idempotency'
import type { Database } from '#kit/postgres'
import { userError } from '#kit/user-error'
import { roles } from '#schema/scopes'
import { builder, ConflictErrorType, ValidationErrorType } from '../builder.ts'
import { hashPassword } from './password.ts'
import { mayProvision } from './policy.ts'
import { provision } from './provision.ts'
import { type AccountDraft, accountDraftFrom, passwordPolicy } from './rules.ts'

export const RoleType = builder.enumType('Role', { values: roles })

const PasswordPolicyType = builder.objectRef<typeof passwordPolicy>('PasswordPolicy').implement({
  description: 'What a new password must be. There are no rules about kinds of characters.',
  fields: (t) => ({
    minLength: t.exposeInt('minLength', { description: 'Counted in characters, not bytes.' }),
    maxLength: t.exposeInt('maxLength'),
    refusesGuessable: t.exposeBoolean('refusesGuessable', {
      description:
        'True when well-known passwords, repetitions, digits alone and the own name or e-mail are refused at any length.',
    }),
  }),
})

builder.queryField('passwordPolicy', (t) =>
  t.field({
    ...open,
    type: PasswordPolicyType,
    description: 'What a new password must be.',
    resolve: () => passwordPolicy,
  }),
)

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
  db: Database,
  { draft, principal, key }: { draft: AccountDraft; principal: string; key: string },
) {
  const { password, ...request } = draft
  const passwordHash = await hashPassword(password)
  return db.write((sql) =>
    once(sql, { principal, key, operation: 'provisionAccount', request }, async () => {
      const account = await provision(sql, { ...request, passwordHash })
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
    resolve: async (_, { input: { idempotencyKey: key, ...input } }, { viewer, db }) => {
      if (!mayProvision(viewer)) throw new AppError('FORBIDDEN', 'You may not create accounts.')
      const draft = accountDraftFrom(input)
      if ('__typename' in draft) return draft
      return provisionOnce(db, { draft, principal: viewer.id, key })
    },
  }),
)
