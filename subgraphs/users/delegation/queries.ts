import type { Sql } from '#kit/postgres'
import { delegationsMax, type Grant } from './rules.ts'

export type DelegationRow = {
  id: string
  fromId: string
  toId: string
  scopes: string[]
  reason: string | null
  createdAt: Date
  expiresAt: Date
  revokedAt: Date | null
}

const columns = (sql: Sql) =>
  sql`id, from_id, to_id, scopes, reason, created_at, expires_at, revoked_at`

type NewDelegation = Grant & { fromId: string; toId: string; createdAt: Date }

export async function insertDelegation(
  sql: Sql,
  { scopes, ...delegation }: NewDelegation,
): Promise<DelegationRow> {
  const [row] = await sql<DelegationRow[]>`
    insert into delegation ${sql({ ...delegation, scopes: [...scopes] })}
    returning ${columns(sql)}`
  if (!row) throw new Error('An insert without a conflict gives its row.')
  return row
}

type Side = { readonly side: 'given' | 'received'; readonly personId: string; readonly at: Date }

/** Those that are good, newest first. */
export const liveDelegations = (sql: Sql, { side, personId, at }: Side) => sql<DelegationRow[]>`
  select ${columns(sql)}
  from delegation
  where ${side === 'given' ? sql`from_id` : sql`to_id`} = ${personId}
    and revoked_at is null and expires_at > ${at}
  order by id desc
  limit ${delegationsMax}`

/** Counted under a lock of the giver's: two at once cannot both be the last one that is allowed. */
export async function hasRoom(
  sql: Sql,
  { personId, at }: { personId: string; at: Date },
): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`delegation ${personId}`}, 0))`
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count
    from delegation
    where from_id = ${personId} and revoked_at is null and expires_at > ${at}`
  return (row?.count ?? 0) < delegationsMax
}

/** Null when the person has no part in it, or it is over. */
export async function revokeDelegation(
  sql: Sql,
  { id, personId, at }: { id: string; personId: string; at: Date },
): Promise<DelegationRow | null> {
  const [row] = await sql<DelegationRow[]>`
    update delegation
    set revoked_at = ${at}
    where id = ${id} and (from_id = ${personId} or to_id = ${personId})
      and revoked_at is null and expires_at > ${at}
    returning ${columns(sql)}`
  return row ?? null
}

type Sought = { readonly id: string | null; readonly email: string | null }

/** Somebody who can act for others: a person with an address, who is active. Null for nobody. */
export async function delegateId(sql: Sql, { id, email }: Sought): Promise<string | null> {
  const [row] = await sql<{ id: string }[]>`
    select id
    from person
    where (id = ${id}::uuid or email = ${email}::citext)
      and status = 'ACTIVE' and email is not null`
  return row?.id ?? null
}
