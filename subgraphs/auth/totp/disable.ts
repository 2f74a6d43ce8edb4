import type { Context } from '../context.ts'
import { factorChanged } from '../security/change.ts'
import { dropCodesOfNobody } from '../security/last-factor.ts'
import { prove, spendCode } from '../security/prove.ts'
import { factorsOf, lockFactors } from '../security/queries.ts'
import type { Owner } from '../security/standing.ts'
import { deleteTotp } from './queries.ts'

/** Removes the app; with the last factor its recovery codes go too. Gives when. */
export const disableTotp = (context: Context, owner: Owner, code: string) =>
  prove(context, owner.personId, async (sql, at) => {
    const { personId, secondFactor } = owner
    await lockFactors(sql, personId)
    const { totp } = await factorsOf(sql, personId)
    if (!totp || !(await spendCode(sql, { personId, code, at, vault: secondFactor.vault })))
      return null
    await deleteTotp(sql, personId)
    await dropCodesOfNobody(sql, personId)
    const { requestId } = context
    await factorChanged(sql, { personId, what: 'totp-disabled', requestId })
    return at
  })
