import type { Page } from '#kit/connection'
import type { Sql } from '#kit/postgres'
import type { PartnerScope } from '../client/rules.ts'
import type { ApiKeyDraft } from './rules.ts'

export type ApiKeyRow = {
  id: string
  name: string
  scopes: PartnerScope[]
  rateLimitPerMinute: number
  createdAt: Date
  rotatedAt: Date | null
  previousUntil: Date | null
  expiresAt: Date
  lastUsedAt: Date | null
  revokedAt: Date | null
}

const columns = (sql: Sql) => sql`
  id, name, scopes, rate_limit_per_minute, created_at, rotated_at, previous_until, expires_at,
  last_used_at, revoked_at`

/** Oldest first. One row more than the page holds, which tells that there is a next page. */
export const apiKeysPage = (sql: Sql, page: Page) => sql<ApiKeyRow[]>`
  select ${columns(sql)}
  from api_key
  where ${page.after ? sql`id > ${page.after.id}::uuid` : sql`true`}
  order by id
  limit ${page.limit + 1}`

export const apiKeysByIds = (sql: Sql, ids: readonly string[]) => sql<ApiKeyRow[]>`
  select ${columns(sql)}
  from api_key
  where id = any(${[...ids]}::uuid[])`

type NewKey = ApiKeyDraft & { id: string; secretHash: Buffer; createdBy: string; createdAt: Date }

/** Null when a key in use has the name; names compare without regard to case. */
export async function insertApiKey(sql: Sql, key: NewKey): Promise<ApiKeyRow | null> {
  const [row] = await sql<ApiKeyRow[]>`
    insert into api_key ${sql(key)}
    on conflict (lower(name)) where revoked_at is null do nothing
    returning ${columns(sql)}`
  return row ?? null
}

/** For a key made after `since` that nobody has used, rotated or revoked; null for others. */
export async function replaceUnusedHash(
  sql: Sql,
  change: { id: string; secretHash: Buffer; since: Date },
): Promise<ApiKeyRow | null> {
  const [row] = await sql<ApiKeyRow[]>`
    update api_key
    set secret_hash = ${change.secretHash}
    where id = ${change.id} and revoked_at is null
      and last_used_at is null and rotated_at is null and created_at > ${change.since}
    returning ${columns(sql)}`
  return row ?? null
}

/** The row, locked until the transaction ends; null for an unknown key. */
export async function lockApiKey(sql: Sql, id: string): Promise<ApiKeyRow | null> {
  const [row] = await sql<ApiKeyRow[]>`
    select ${columns(sql)}
    from api_key
    where id = ${id}
    for update`
  return row ?? null
}

type Rotation = {
  id: string
  secretHash: Buffer
  at: Date
  /** Until when the key before is good as well; null ends it at once. */
  previousUntil: Date | null
  expiresAt: Date
}

/** A key from before the last rotation is over with this one. Null for a revoked or unknown key. */
export async function rotateHash(sql: Sql, rotation: Rotation): Promise<ApiKeyRow | null> {
  const { id, secretHash, at, previousUntil, expiresAt } = rotation
  const [row] = await sql<ApiKeyRow[]>`
    update api_key
    set previous_hash = case when ${previousUntil !== null} then secret_hash end,
      previous_until = ${previousUntil},
      secret_hash = ${secretHash},
      rotated_at = ${at},
      expires_at = ${expiresAt}
    where id = ${id} and revoked_at is null
    returning ${columns(sql)}`
  return row ?? null
}

/** Null for an unknown key and for one that is revoked already. */
export async function revokeKey(
  sql: Sql,
  { id, at }: { id: string; at: Date },
): Promise<ApiKeyRow | null> {
  const [row] = await sql<ApiKeyRow[]>`
    update api_key
    set revoked_at = ${at}, previous_hash = null, previous_until = null
    where id = ${id} and revoked_at is null
    returning ${columns(sql)}`
  return row ?? null
}
