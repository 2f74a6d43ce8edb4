import { open, seenBy } from '#kit/builder'
import { type UserError, userError } from '#kit/user-error'
import { hashPassword } from '../account/password.ts'
import { Email } from '../account/rules.ts'
import { forgetFailuresOf } from '../account/sign-in.ts'
import { builder, UserErrorType, ValidationErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { ownerOfToken, spendToken, tokenMinutes } from '../letter/token.ts'
import { spendProof } from '../proof-of-work/queries.ts'
import { unproven } from '../proof-of-work/type.ts'
import { insertRequest } from '../request/queries.ts'
import { waitFor } from '../request/rate.ts'
import { weaknessOf } from './judge.ts'
import { replacePassword } from './replace.ts'
import { wordsOf } from './strength.ts'
import { RateLimitedErrorType, rateLimited, WeakPasswordErrorType } from './type.ts'

export type InvalidToken = UserError<'InvalidTokenError'>
export const InvalidTokenErrorType = builder
  .objectRef<InvalidToken>('InvalidTokenError')
  .implement({
    ...seenBy.everybody,
    description: 'A link that was used, is over, or never was one.',
    interfaces: [UserErrorType],
  })

export const invalidToken = (): InvalidToken => ({
  __typename: 'InvalidTokenError',
  code: 'INVALID_TOKEN',
  message: 'This link was used or is over. Ask for a new one.',
  path: ['token'],
})

type Requested = { __typename: 'PasswordResetRequested'; linkMinutes: number }
const PasswordResetRequestedType = builder
  .objectRef<Requested>('PasswordResetRequested')
  .implement({
    ...seenBy.everybody,
    description: 'The same whether or not the address has an account.',
    fields: (t) => ({
      linkMinutes: t.exposeInt('linkMinutes', { description: 'How long the link works.' }),
    }),
  })

const RequestPasswordResetResultType = builder.unionType('RequestPasswordResetResult', {
  types: [PasswordResetRequestedType, ValidationErrorType, RateLimitedErrorType],
  resolveType: ({ __typename }) => __typename,
})

const RequestPasswordResetInputType = builder.inputType('RequestPasswordResetInput', {
  fields: (t) => ({
    email: t.string({ required: true }),
    proof: t.string({ required: true, description: 'Of `proofOfWork`.' }),
  }),
})

type ResetRequest = { readonly email: string; readonly proof: string }

/** Notes what was asked for; a letter follows where there is somebody to write to. */
async function request({ accounts, now }: Context, { email, proof }: ResetRequest) {
  const at = now()
  const proven = accounts.proofOfWork.provenBy(proof)
  if (!proven) return unproven()
  const answer = await accounts.db.write(async (sql) => {
    if (!(await spendProof(sql, proven))) return unproven()
    const seconds = await waitFor(sql, { what: 'reset', email, at })
    if (seconds > 0) return rateLimited(seconds)
    await insertRequest(sql, { kind: 'RESET_PASSWORD', email }, at)
    const linkMinutes = tokenMinutes.RESET_PASSWORD
    return { __typename: 'PasswordResetRequested' as const, linkMinutes }
  })
  accounts.requests.ring()
  return answer
}

type PasswordReset = { __typename: 'PasswordReset'; sessionsRevoked: number }
const PasswordResetType = builder.objectRef<PasswordReset>('PasswordReset').implement({
  ...seenBy.everybody,
  fields: (t) => ({ sessionsRevoked: t.exposeInt('sessionsRevoked') }),
})

const ResetPasswordResultType = builder.unionType('ResetPasswordResult', {
  types: [PasswordResetType, WeakPasswordErrorType, InvalidTokenErrorType],
  resolveType: ({ __typename }) => __typename,
})

const ResetPasswordInputType = builder.inputType('ResetPasswordInput', {
  fields: (t) => ({
    token: t.string({ required: true }),
    password: t.string({ required: true }),
  }),
})

/** The account that a link may open now; null for one that is disabled or gone too. */
async function accountBehind({ accounts, now }: Context, token: string) {
  const { db, directory } = accounts
  return db.read(async (sql) => {
    const personId = await ownerOfToken(sql, { token, purpose: 'RESET_PASSWORD', at: now() })
    const account = personId && (await directory.find(sql, personId))
    return account && !account.disabledAt ? account : null
  })
}

type Reset = { readonly token: string; readonly password: string }

/** The link is used up only by a password that is good enough. It proves the address, too. */
async function reset(context: Context, { token, password }: Reset) {
  const { accounts, now, requestId } = context
  const account = await accountBehind(context, token)
  if (!account) return invalidToken()
  const candidate = { password, known: wordsOf(account) }
  const weak = await weaknessOf(accounts.breach, candidate, ['password'])
  if (weak) return weak
  const passwordHash = await hashPassword(password)
  const at = now()
  const ended = await accounts.db.write(async (sql) => {
    const personId = await spendToken(sql, { token, purpose: 'RESET_PASSWORD', at })
    if (personId === null) return null
    await accounts.directory.confirmEmail(sql, { id: personId, at })
    await forgetFailuresOf(sql, account.email)
    return replacePassword(sql, accounts, {
      ...{ personId, password, passwordHash, at, requestId, own: null },
      action: 'auth.password-reset',
    })
  })
  if (ended === null) return invalidToken()
  return { __typename: 'PasswordReset' as const, sessionsRevoked: ended }
}

builder.mutationFields((t) => ({
  requestPasswordReset: t.field({
    ...open,
    type: RequestPasswordResetResultType,
    description:
      'Sends a link by letter. The answer tells nothing about whether there is an account.',
    args: { input: t.arg({ type: RequestPasswordResetInputType, required: true }) },
    resolve: (_, { input: { email, proof } }, context) => {
      const address = email.trim()
      return Email.safeParse(address).success
        ? request(context, { email: address, proof })
        : userError('ValidationError', 'This is not an e-mail address.', ['email'])
    },
  }),
  resetPassword: t.field({
    ...open,
    type: ResetPasswordResultType,
    description: 'Sets a new password by the link of a letter, and ends every session.',
    args: { input: t.arg({ type: ResetPasswordInputType, required: true }) },
    resolve: (_, { input }, context) => reset(context, input),
  }),
}))
