import { requires } from '#kit/builder'
import { type AccountRow, accountById } from '../account/queries.ts'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { expiryOf } from '../credential/standing.ts'
import { passkeysOf } from '../passkey/queries.ts'
import { PasskeyType } from '../passkey/type.ts'
import { ViewerType } from '../session/type.ts'
import { ownFactorsOf } from './policy.ts'
import { factorsOf } from './queries.ts'
import type { Factors } from './rules.ts'

type Security = {
  /** Null for whoever has none here: another provider keeps it. */
  readonly account: AccountRow | null
  readonly factors: Factors
}

const none: Factors = { totp: false, passkeys: 0, recoveryCodes: 0 }

const SecurityType = builder.objectRef<Security>('Security').implement({
  description: 'How the caller proves who they are.',
  fields: (t) => ({
    totpEnabled: t.boolean({
      description: 'True when codes of an authenticator app are asked for.',
      resolve: ({ factors }) => factors.totp,
    }),
    passkeys: t.field({
      type: [PasskeyType],
      description: 'Oldest first.',
      resolve: ({ account, factors }, _, { db }) =>
        account && factors.passkeys > 0 ? db.read((sql) => passkeysOf(sql, account.id)) : [],
    }),
    recoveryCodesLeft: t.int({
      description: 'How many recovery codes were not used yet.',
      resolve: ({ factors }) => factors.recoveryCodes,
    }),
    passwordChangedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Null where the sign-in provider keeps passwords.',
      resolve: ({ account }) => account?.passwordChangedAt ?? null,
    }),
    passwordExpiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the password has to be renewed; null for never.',
      resolve: ({ account }, _, { accounts }) => account && expiryOf(account, accounts.maxAgeDays),
    }),
    emailVerified: t.boolean({
      description: 'True when the caller has shown that the e-mail address is theirs.',
      resolve: ({ account }) => account !== null && account.emailVerifiedAt !== null,
    }),
  }),
})

const securityOf = ({ db }: Context, personId: string): Promise<Security> =>
  db.read(async (sql) => ({
    account: await accountById(sql, personId),
    factors: await factorsOf(sql, personId),
  }))

builder.objectField(ViewerType, 'security', (t) =>
  t.field({
    ...requires(['self']),
    type: SecurityType,
    description: 'How the caller proves who they are. Whoever acts for another learns nothing.',
    resolve: (_, __, context) => {
      const personId = ownFactorsOf(context.viewer)
      return personId ? securityOf(context, personId) : { account: null, factors: none }
    },
  }),
)
