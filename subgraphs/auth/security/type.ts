import { requires } from '#kit/builder'
import type { Sql } from '#kit/postgres'
import { builder } from '../builder.ts'
import { passkeysOf } from '../passkey/queries.ts'
import { PasskeyType } from '../passkey/type.ts'
import { ViewerType } from '../session/type.ts'
import { ownFactorsOf } from './policy.ts'
import { factorsOf, type PasswordFacts, passwordFactsOf } from './queries.ts'
import type { Factors } from './rules.ts'

type Security = { readonly personId: string; readonly factors: Factors } & PasswordFacts

const unknown: Security = {
  personId: '',
  factors: { totp: false, passkeys: 0, recoveryCodes: 0 },
  passwordChangedAt: null,
  emailVerified: false,
}

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
      resolve: ({ personId, factors }, _, { db }) =>
        factors.passkeys > 0 ? db.read((sql) => passkeysOf(sql, personId)) : [],
    }),
    recoveryCodesLeft: t.int({
      description: 'How many recovery codes were not used yet.',
      resolve: ({ factors }) => factors.recoveryCodes,
    }),
    passwordChangedAt: t.expose('passwordChangedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Null where the sign-in provider keeps passwords.',
    }),
    emailVerified: t.exposeBoolean('emailVerified', {
      description: 'True when the caller has shown that the e-mail address is theirs.',
    }),
  }),
})

async function securityOf(sql: Sql, personId: string): Promise<Security> {
  const facts = await passwordFactsOf(sql, personId)
  return { ...unknown, ...facts, personId, factors: await factorsOf(sql, personId) }
}

builder.objectField(ViewerType, 'security', (t) =>
  t.field({
    ...requires(['self']),
    type: SecurityType,
    description: 'How the caller proves who they are. Whoever acts for another learns nothing.',
    resolve: (_, __, { viewer, db }) => {
      const personId = ownFactorsOf(viewer)
      return personId ? db.read((sql) => securityOf(sql, personId)) : unknown
    },
  }),
)
