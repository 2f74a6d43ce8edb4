import { createHash, randomBytes } from 'node:crypto'
import type { Sql } from '#kit/postgres'

export type TokenPurpose = 'VERIFY_EMAIL' | 'RESET_PASSWORD'

/** How long each link works. */
export const tokenMinutes: Readonly<Record<TokenPurpose, number>> = {
  VERIFY_EMAIL: 48 * 60,
  RESET_PASSWORD: 60,
}

const tokenForm = /^[\w-]{43}$/
const hashOf = (token: string) => createHash('sha256').update(token).digest()

type Issue = { readonly personId: string; readonly purpose: TokenPurpose; readonly at: Date }
export type IssuedToken = { readonly token: string; readonly expiresAt: Date }

/** A new token of 256 random bits. Its hash alone is kept. */
export async function issueToken(sql: Sql, { personId, purpose, at }: Issue): Promise<IssuedToken> {
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(at.getTime() + tokenMinutes[purpose] * 60_000)
  await sql`
    insert into one_time_token (hash, person_id, purpose, expires_at)
    values (${hashOf(token)}, ${personId}, ${purpose}, ${expiresAt})`
  return { token, expiresAt }
}

type Presented = { readonly token: string; readonly purpose: TokenPurpose; readonly at: Date }

/** Whose token it is; null for one that is used, over, or meant for something else. It stays as it is. */
export async function ownerOfToken(
  sql: Sql,
  { token, purpose, at }: Presented,
): Promise<string | null> {
  if (!tokenForm.test(token)) return null
  const [row] = await sql<{ personId: string }[]>`
    select person_id
    from one_time_token
    where hash = ${hashOf(token)} and purpose = ${purpose} and expires_at > ${at}`
  return row?.personId ?? null
}

/**
 * Uses a token up, and with it every other one of the person for the same purpose. Null as above;
 * of two uses at the same moment one gets null.
 */
export async function spendToken(sql: Sql, presented: Presented): Promise<string | null> {
  const { token, purpose, at } = presented
  if (!tokenForm.test(token)) return null
  const [row] = await sql<{ personId: string }[]>`
    delete from one_time_token
    where hash = ${hashOf(token)} and purpose = ${purpose} and expires_at > ${at}
    returning person_id`
  if (!row) return null
  await dropTokens(sql, { personId: row.personId, purpose })
  return row.personId
}

/** Letters that were sent before lead nowhere any more. */
export const dropTokens = (
  sql: Sql,
  { personId, purpose }: { personId: string; purpose: TokenPurpose },
) => sql`
  delete from one_time_token
  where person_id = ${personId} and purpose = ${purpose}`

export const sweepTokens = (sql: Sql, at: Date) => sql`
  delete from one_time_token
  where expires_at < ${at}`
