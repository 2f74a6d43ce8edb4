import type { Sql } from '#kit/postgres'
import { newRecoveryCodes, recoveryCodeFrom, recoveryHashOf } from './rules.ts'

/** Ten new codes in the place of all older ones. */
export async function replaceRecoveryCodes(sql: Sql, personId: string): Promise<string[]> {
  const codes = newRecoveryCodes()
  const rows = codes.map((code) => {
    const hash = recoveryHashOf(personId, recoveryCodeFrom(code) ?? '')
    return { personId, hash }
  })
  await deleteRecoveryCodes(sql, personId)
  await sql`insert into recovery_code ${sql(rows)}`
  return codes
}

export const deleteRecoveryCodes = (sql: Sql, personId: string) => sql`
  delete from recovery_code
  where person_id = ${personId}`

type Use = { readonly personId: string; readonly hash: Buffer; readonly at: Date }

/** False when there is no such code, or it was used. The database lets one of two uses through. */
export async function spendRecoveryHash(sql: Sql, { personId, hash, at }: Use): Promise<boolean> {
  const used = await sql`
    update recovery_code
    set used_at = ${at}
    where person_id = ${personId} and hash = ${hash} and used_at is null
    returning person_id`
  return used.length > 0
}
