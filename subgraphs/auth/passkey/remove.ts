import type { Context } from '../context.ts'
import { factorChanged } from '../security/change.ts'
import { dropCodesOfNobody } from '../security/last-factor.ts'
import { lockFactors } from '../security/queries.ts'
import type { Owner } from '../security/standing.ts'
import { deletePasskey } from './queries.ts'

/** False when the owner has no such passkey. */
export const removePasskey = (context: Context, { personId }: Owner, id: string) =>
  context.db.write(async (sql) => {
    await lockFactors(sql, personId)
    if (!(await deletePasskey(sql, { id, personId }))) return false
    await dropCodesOfNobody(sql, personId)
    const { requestId } = context
    await factorChanged(sql, { personId, what: 'passkey-removed', requestId })
    return true
  })
