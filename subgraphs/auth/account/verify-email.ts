import { audit } from '#kit/audit'
import { open, seenBy } from '#kit/builder'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { InvalidTokenErrorType, invalidToken } from '../credential/reset.ts'
import { spendToken } from '../letter/token.ts'

type EmailVerified = { __typename: 'EmailVerified'; at: Date }
const EmailVerifiedType = builder
  .objectRef<EmailVerified>('EmailVerified')
  .implement({ ...seenBy.everybody, fields: (t) => ({ at: t.expose('at', { type: 'DateTime' }) }) })

const VerifyEmailResultType = builder.unionType('VerifyEmailResult', {
  types: [EmailVerifiedType, InvalidTokenErrorType],
  resolveType: ({ __typename }) => __typename,
})

/** Signs nobody in: whoever reads the letter is not yet whoever knows the password. */
async function verify({ accounts, now, requestId }: Context, token: string) {
  const at = now()
  const done = await accounts.db.write(async (sql) => {
    const personId = await spendToken(sql, { token, purpose: 'VERIFY_EMAIL', at })
    if (personId === null) return false
    if (!(await accounts.directory.confirmEmail(sql, { id: personId, at }))) return false
    await audit(sql, {
      ...{ action: 'auth.email-verified', actorId: personId, requestId },
      ...{ entity: 'User', entityId: personId },
    })
    return true
  })
  return done ? { __typename: 'EmailVerified' as const, at } : invalidToken()
}

builder.mutationField('verifyEmail', (t) =>
  t.field({
    ...open,
    type: VerifyEmailResultType,
    description: 'Proves an address by the link of a letter.',
    args: { token: t.arg.string({ required: true }) },
    resolve: (_, { token }, context) => verify(context, token),
  }),
)
