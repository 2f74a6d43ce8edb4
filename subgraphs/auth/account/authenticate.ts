import { open, seenBy } from '#kit/builder'
import { toGlobalId } from '#kit/id'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { standingOf } from '../credential/standing.ts'
import {
  InvalidCredentialErrorType,
  invalidCredential,
  ManagedByProviderErrorType,
  managedByProvider,
  RateLimitedErrorType,
  rateLimitedUntil,
} from '../credential/type.ts'
import { proveCode } from '../security/prove.ts'
import { hasSecondFactor } from '../security/queries.ts'
import type { AccountRow } from './queries.ts'
import { signIn } from './sign-in.ts'

const outcomes = {
  VALID: {},
  SECOND_FACTOR_REQUIRED: { description: 'The password is right; a code is missing.' },
  PASSWORD_EXPIRED: { description: 'The password is right and has to be renewed.' },
  EMAIL_UNVERIFIED: { description: 'The password is right; the address is not proven yet.' },
} as const
type Outcome = keyof typeof outcomes

const AuthenticationOutcomeType = builder.enumType('AuthenticationOutcome', { values: outcomes })

type Authentication = { __typename: 'Authentication'; outcome: Outcome; userId: string }
const AuthenticationType = builder.objectRef<Authentication>('Authentication').implement({
  ...seenBy.everybody,
  description: 'What the sign-in page would say. Nobody is signed in by it.',
  fields: (t) => ({
    outcome: t.field({ type: AuthenticationOutcomeType, resolve: ({ outcome }) => outcome }),
    userId: t.exposeID('userId'),
  }),
})

const AuthenticateResultType = builder.unionType('AuthenticateResult', {
  types: [
    AuthenticationType,
    InvalidCredentialErrorType,
    RateLimitedErrorType,
    ManagedByProviderErrorType,
  ],
  resolveType: ({ __typename }) => __typename,
})

const AuthenticateInputType = builder.inputType('AuthenticateInput', {
  fields: (t) => ({
    email: t.string({ required: true }),
    password: t.string({ required: true }),
    code: t.string({ description: 'Of the authenticator app, or a recovery code; it is used up.' }),
  }),
})

const told = (outcome: Outcome, { id }: AccountRow): Authentication => ({
  __typename: 'Authentication',
  outcome,
  userId: toGlobalId('User', id),
})

/** The second factor, for whoever has one. A code that is wrong is told as a wrong password is. */
async function withCode(context: Context, account: AccountRow, code: string | null) {
  const { accounts, secondFactor, now } = context
  const { db } = accounts
  const { id: personId } = account
  if (!secondFactor || !(await db.read((sql) => hasSecondFactor(sql, personId)))) {
    return told('VALID', account)
  }
  if (code === null) return told('SECOND_FACTOR_REQUIRED', account)
  const proof = await proveCode({ db, now, vault: secondFactor.vault }, { personId, code })
  if (proof.outcome === 'locked') return rateLimitedUntil(proof.until, context.now())
  return proof.outcome === 'proven' ? told('VALID', account) : invalidCredential()
}

const standings = { unverified: 'EMAIL_UNVERIFIED', expired: 'PASSWORD_EXPIRED' } as const

type Given = { readonly email: string; readonly password: string; readonly code: string | null }

async function authenticate(context: Context, { code, ...credentials }: Given) {
  const { accounts, now } = context
  const { db, turns, maxAgeDays } = accounts
  const tried = await signIn({ db, turns, now }, credentials)
  if (tried.outcome === 'locked') return rateLimitedUntil(tried.until, context.now())
  if (tried.outcome === 'refused') return invalidCredential()
  const standing = standingOf(tried.account, { maxAgeDays, at: now() })
  return standing === 'open'
    ? withCode(context, tried.account, code)
    : told(standings[standing], tried.account)
}

builder.mutationField('authenticate', (t) =>
  t.field({
    ...open,
    type: AuthenticateResultType,
    description:
      'Checks an e-mail, a password and a code. It gives neither a session nor a token: people sign in at the provider.',
    args: { input: t.arg({ type: AuthenticateInputType, required: true }) },
    resolve: (_, { input: { email, password, code } }, context) =>
      context.accounts.directory.kind === 'external'
        ? managedByProvider()
        : authenticate(context, { email, password, code: code ?? null }),
  }),
)
