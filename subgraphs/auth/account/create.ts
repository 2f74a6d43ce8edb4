import { createHash } from 'node:crypto'
import { open, seenBy } from '#kit/builder'
import { forget, once } from '#kit/idempotency'
import type { Transaction } from '#kit/postgres'
import type { UserError } from '#kit/user-error'
import { builder, ValidationErrorType } from '../builder.ts'
import { type WeakPassword, weaknessOf } from '../credential/judge.ts'
import { wordsOf } from '../credential/strength.ts'
import {
  type RateLimited,
  RateLimitedErrorType,
  rateLimited,
  WeakPasswordErrorType,
} from '../credential/type.ts'
import { spendProof } from '../proof-of-work/queries.ts'
import { unproven } from '../proof-of-work/type.ts'
import { insertRequest } from '../request/queries.ts'
import { waitFor } from '../request/rate.ts'
import type { Accounts } from './accounts.ts'
import { hashPassword } from './password.ts'
import { type AccountDraft, accountDraftFrom } from './rules.ts'

const nextSteps = ['VERIFY_EMAIL'] as const
const AccountNextType = builder.enumType('AccountNext', {
  values: { VERIFY_EMAIL: { description: 'A letter is on its way to the address.' } },
})

type AccountCreated = { __typename: 'AccountCreated'; next: (typeof nextSteps)[number] }
const AccountCreatedType = builder.objectRef<AccountCreated>('AccountCreated').implement({
  ...seenBy.everybody,
  fields: (t) => ({ next: t.field({ type: AccountNextType, resolve: ({ next }) => next }) }),
})

type Answer = AccountCreated | WeakPassword | UserError<'ValidationError'> | RateLimited

const CreateAccountResultType = builder.unionType('CreateAccountResult', {
  types: [AccountCreatedType, WeakPasswordErrorType, ValidationErrorType, RateLimitedErrorType],
  resolveType: ({ __typename }) => __typename,
})

const CreateAccountInputType = builder.inputType('CreateAccountInput', {
  fields: (t) => ({
    idempotencyKey: t.string({ required: true }),
    email: t.string({ required: true }),
    displayName: t.string({ required: true }),
    password: t.string({ required: true }),
    proof: t.string({ required: true, description: 'Of `proofOfWork`.' }),
    locale: t.string({ required: true, defaultValue: 'fr' }),
  }),
})

type Asked = { readonly draft: AccountDraft; readonly key: string; readonly proof: string }

/** Keys of people who are nobody yet meet only where they mean the same address. */
const principalOf = ({ email }: AccountDraft) =>
  `register ${createHash('sha256').update(email.toLowerCase()).digest('base64url')}`

const created: AccountCreated = { __typename: 'AccountCreated', next: 'VERIFY_EMAIL' }

/** Each proof is good for one try: judging and hashing a password are not for free. */
async function spend(accounts: Accounts, proof: string): Promise<boolean> {
  const proven = accounts.proofOfWork.provenBy(proof)
  return proven ? accounts.db.write((sql) => spendProof(sql, proven)) : false
}

/** The answer that a key has, and otherwise what `work` gives. A refusal leaves the key free. */
function answerOnce(
  { db }: Accounts,
  { draft, key }: Asked,
  work: (sql: Transaction) => Promise<AccountCreated | RateLimited | UserError<'ValidationError'>>,
) {
  const { password: _, roles: __, ...request } = draft
  const claim = { principal: principalOf(draft), key }
  return db.write(async (sql) => {
    const named = { ...claim, operation: 'createAccount', request }
    const answer = await once(sql, named, () => work(sql))
    if (answer.__typename !== 'AccountCreated') await forget(sql, claim)
    return answer
  })
}

/**
 * Notes what was asked for, whether or not the address has an account: what is done about it is done
 * after the answer, so neither the answer nor its time tells which it was.
 */
async function register(accounts: Accounts, asked: Asked, at: Date): Promise<Answer> {
  const { email, password, displayName, locale } = asked.draft
  if (!(await spend(accounts, asked.proof))) {
    return answerOnce(accounts, asked, async () => unproven())
  }
  const weak = await weaknessOf(accounts.breach, { password, known: wordsOf(asked.draft) }, [
    'password',
  ])
  if (weak) return weak
  const passwordHash = await hashPassword(password)
  const answer = await answerOnce(accounts, asked, async (sql) => {
    const seconds = await waitFor(sql, { what: 'register', email, at })
    if (seconds > 0) return rateLimited(seconds)
    const request = { email, displayName, locale, passwordHash }
    await insertRequest(sql, { kind: 'REGISTER', ...request }, at)
    return created
  })
  accounts.requests.ring()
  return answer
}

builder.mutationField('createAccount', (t) =>
  t.field({
    ...open,
    type: CreateAccountResultType,
    description:
      'Registers the person who asks. An address that is taken is answered as a new one: a letter tells its owner.',
    args: { input: t.arg({ type: CreateAccountInputType, required: true }) },
    resolve: async (_, { input: { idempotencyKey: key, proof, ...input } }, { accounts, now }) => {
      const draft = accountDraftFrom({ ...input, roles: ['CLIENT'] })
      if ('__typename' in draft) return draft
      return register(accounts, { draft, key, proof }, now())
    },
  }),
)
