import { requires } from '#kit/builder'
import { builder } from '../builder.ts'
import { ViewerType } from '../session/type.ts'
import { ownFactorsOf } from './policy.ts'
import { factorsOf } from './queries.ts'
import type { Factors } from './rules.ts'

type Security = { readonly personId: string; readonly factors: Factors }

const none: Factors = { totp: false, passkeys: 0, recoveryCodes: 0 }

export const SecurityType = builder.objectRef<Security>('Security').implement({
  description: 'How the caller proves who they are.',
  fields: (t) => ({
    totpEnabled: t.boolean({
      description: 'True when codes of an authenticator app are asked for.',
      resolve: ({ factors }) => factors.totp,
    }),
    recoveryCodesLeft: t.int({
      description: 'How many recovery codes were not used yet.',
      resolve: ({ factors }) => factors.recoveryCodes,
    }),
  }),
})

builder.objectField(ViewerType, 'security', (t) =>
  t.field({
    ...requires(['self']),
    type: SecurityType,
    description: 'How the caller proves who they are. While somebody acts for another, nothing.',
    resolve: async (_, __, { viewer, db }) => {
      const personId = ownFactorsOf(viewer)
      if (!personId) return { personId: '', factors: none }
      return { personId, factors: await db.read((sql) => factorsOf(sql, personId)) }
    },
  }),
)
