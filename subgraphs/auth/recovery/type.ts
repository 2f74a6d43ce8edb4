import { requires, requiresSteppedUp } from '#kit/builder'
import { userError } from '#kit/user-error'
import { builder, ConflictErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { factorChanged } from '../security/change.ts'
import { InvalidCodeErrorType, invalidCode } from '../security/invalid-code.ts'
import { prove, spendRecoveryCode } from '../security/prove.ts'
import { factorsOf, hasSecondFactor, lockFactors } from '../security/queries.ts'
import { raise } from '../security/raise.ts'
import { type Owner, ownerFrom } from '../security/standing.ts'
import { replaceRecoveryCodes } from './queries.ts'

const RecoveryCodesType = builder
  .objectRef<{ readonly __typename: 'RecoveryCodes'; readonly codes: string[] }>('RecoveryCodes')
  .implement({
    fields: (t) => ({
      codes: t.exposeStringList('codes', { description: 'Shown once; the older ones are over.' }),
    }),
  })

const RecoveryCodesResultType = builder.unionType('RecoveryCodesResult', {
  types: [RecoveryCodesType, ConflictErrorType],
  resolveType: ({ __typename }) => __typename,
})

type Used = {
  readonly __typename: 'RecoveryCodeUsed'
  readonly acr: string
  readonly codesLeft: number
}

const RecoveryCodeUsedType = builder.objectRef<Used>('RecoveryCodeUsed').implement({
  fields: (t) => ({
    acr: t.exposeString('acr', { description: 'The level of the session from now on.' }),
    codesLeft: t.exposeInt('codesLeft'),
  }),
})

const UseRecoveryCodeResultType = builder.unionType('UseRecoveryCodeResult', {
  types: [RecoveryCodeUsedType, InvalidCodeErrorType],
  resolveType: ({ __typename }) => __typename,
})

const spend = (context: Context, owner: Owner, code: string) =>
  prove(context, owner.personId, async (sql, at) => {
    const { personId } = owner
    if (!(await spendRecoveryCode(sql, { personId, code, at }))) return null
    const acr = await raise(sql, owner, at)
    const { recoveryCodes: codesLeft } = await factorsOf(sql, personId)
    return { __typename: 'RecoveryCodeUsed' as const, acr, codesLeft }
  })

const regenerate = ({ db, requestId }: Context, { personId }: Owner) =>
  db.write(async (sql) => {
    await lockFactors(sql, personId)
    if (!(await hasSecondFactor(sql, personId))) {
      return userError('ConflictError', 'Set up a second factor first.')
    }
    const codes = await replaceRecoveryCodes(sql, personId)
    const what = 'recovery-codes-replaced'
    await factorChanged(sql, { personId, what, requestId })
    return { __typename: 'RecoveryCodes' as const, codes }
  })

builder.mutationFields((t) => ({
  useRecoveryCode: t.field({
    ...requires(['self']),
    type: UseRecoveryCodeResultType,
    description: 'Raises the session to level 2 by a recovery code, which counts once.',
    args: { code: t.arg.string({ required: true }) },
    resolve: async (_, { code }, context) => {
      const proof = await spend(context, ownerFrom(context), code)
      return proof.outcome === 'proven' ? proof.value : invalidCode(proof)
    },
  }),
  regenerateRecoveryCodes: t.field({
    ...requiresSteppedUp(['self']),
    type: RecoveryCodesResultType,
    description: 'Ten new recovery codes in the place of all older ones.',
    resolve: (_, __, context) => regenerate(context, ownerFrom(context)),
  }),
}))
