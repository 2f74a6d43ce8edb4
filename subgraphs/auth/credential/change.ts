import { requires } from '#kit/builder'
import type { Viewer } from '#kit/identity-token'
import { hashPassword } from '../account/password.ts'
import { type AccountRow, accountById, lockPassword } from '../account/queries.ts'
import { signIn } from '../account/sign-in.ts'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { weaknessOf } from './judge.ts'
import { ownCredentialOf } from './policy.ts'
import { replacePassword } from './replace.ts'
import { expiryOf } from './standing.ts'
import { wordsOf } from './strength.ts'
import {
  InvalidCredentialErrorType,
  invalidCredential,
  ManagedByProviderErrorType,
  managedByProvider,
  RateLimitedErrorType,
  rateLimitedUntil,
  WeakPasswordErrorType,
} from './type.ts'

type PasswordChanged = {
  __typename: 'PasswordChanged'
  expiresAt: Date | null
  otherSessionsRevoked: number
}

const PasswordChangedType = builder.objectRef<PasswordChanged>('PasswordChanged').implement({
  fields: (t) => ({
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it has to be renewed; null for never.',
    }),
    otherSessionsRevoked: t.exposeInt('otherSessionsRevoked'),
  }),
})

const ChangePasswordResultType = builder.unionType('ChangePasswordResult', {
  types: [
    PasswordChangedType,
    WeakPasswordErrorType,
    InvalidCredentialErrorType,
    RateLimitedErrorType,
    ManagedByProviderErrorType,
  ],
  resolveType: ({ __typename }) => __typename,
})

const ChangePasswordInputType = builder.inputType('ChangePasswordInput', {
  fields: (t) => ({
    current: t.string({ required: true }),
    next: t.string({ required: true }),
  }),
})

type Change = { readonly current: string; readonly next: string }

/** Null when it is the account's password; tries count as those on the sign-in page. */
async function refusalOf({ accounts, now }: Context, account: AccountRow, password: string) {
  const { db, turns } = accounts
  const tried = await signIn({ db, turns, now }, { email: account.email, password })
  if (tried.outcome === 'signed-in') return null
  return tried.outcome === 'locked'
    ? rateLimitedUntil(tried.until, now())
    : invalidCredential(['current'])
}

type Owned = { readonly viewer: Viewer; readonly account: AccountRow }

async function change(context: Context, { viewer, account }: Owned, { current, next }: Change) {
  const { accounts, now, requestId } = context
  const refusal = await refusalOf(context, account, current)
  if (refusal) return refusal
  const candidate = { password: next, known: wordsOf(account), isCurrent: next === current }
  const weak = await weaknessOf(accounts.breach, candidate, ['next'])
  if (weak) return weak
  const [at, passwordHash] = [now(), await hashPassword(next)]
  const own = { personId: account.id, own: viewer.sessionId, requestId, at }
  const ended = await accounts.db.write(async (sql) => {
    // Somebody whose password was replaced while they were asked knows none any more.
    if (!(await lockPassword(sql, account))) return null
    return replacePassword(sql, accounts, {
      ...{ ...own, password: next, passwordHash },
      action: 'auth.password-changed',
    })
  })
  if (ended === null) return invalidCredential(['current'])
  const dated = { passwordChangedAt: at, credentialExpiresAt: null }
  return {
    __typename: 'PasswordChanged' as const,
    expiresAt: expiryOf(dated, accounts.maxAgeDays),
    otherSessionsRevoked: ended,
  }
}

builder.mutationField('changePassword', (t) =>
  t.field({
    ...requires(['self']),
    type: ChangePasswordResultType,
    description: "Changes the caller's own password and ends their other sessions.",
    args: { input: t.arg({ type: ChangePasswordInputType, required: true }) },
    resolve: async (_, { input }, context) => {
      const viewer = ownCredentialOf(context.viewer)
      const { directory, db } = context.accounts
      if (directory.kind === 'external') return managedByProvider()
      const account = await db.read((sql) => accountById(sql, viewer.id))
      return account ? change(context, { viewer, account }, input) : managedByProvider()
    },
  }),
)
