import type { Sql } from '#kit/postgres'

type Proof = { readonly hash: Buffer; readonly expiresAt: Date }

/** False when it was spent before. The database lets one of two at the same moment through. */
export async function spendProof(sql: Sql, { hash, expiresAt }: Proof): Promise<boolean> {
  const { count } = await sql`
    insert into spent_proof (hash, expires_at)
    values (${hash}, ${expiresAt})
    on conflict do nothing`
  return count > 0
}

/** One that has expired proves nothing anyway. */
export const sweepProofs = (sql: Sql, at: Date) => sql`
  delete from spent_proof
  where expires_at < ${at}`
