import type { Page } from '#kit/connection'
import type { Sql } from '#kit/postgres'
import type { ClientDraft, PartnerScope } from './rules.ts'

export type ClientRow = {
  id: string
  name: string
  scopes: PartnerScope[]
  rateLimitPerMinute: number
  createdAt: Date
  lastUsedAt: Date | null
  disabledAt: Date | null
}

const columns = (sql: Sql) =>
  sql`id, name, scopes, rate_limit_per_minute, created_at, last_used_at, disabled_at`

/** Oldest first. One row more than the page holds, which tells that there is a next page. */
export const clientsPage = (sql: Sql, page: Page) => sql<ClientRow[]>`
  select ${columns(sql)}
  from api_client
  where ${page.after ? sql`id > ${page.after.id}::uuid` : sql`true`}
  order by id
  limit ${page.limit + 1}`

export const clientsByIds = (sql: Sql, ids: readonly string[]) => sql<ClientRow[]>`
  select ${columns(sql)}
  from api_client
  where id = any(${[...ids]}::uuid[])`

type NewClient = ClientDraft & { secretHash: Buffer; createdAt: Date }

/** Null when a client in use has the name; names compare without regard to case. */
export async function insertClient(sql: Sql, client: NewClient): Promise<ClientRow | null> {
  const [row] = await sql<ClientRow[]>`
    insert into api_client ${sql(client)}
    on conflict (lower(name)) where disabled_at is null do nothing
    returning ${columns(sql)}`
  return row ?? null
}

type NewSecret = { id: string; secretHash: Buffer; at: Date }

/** The secret before stops at once. Null for a disabled or unknown client. */
export async function replaceSecret(sql: Sql, change: NewSecret): Promise<ClientRow | null> {
  const [row] = await sql<ClientRow[]>`
    update api_client
    set secret_hash = ${change.secretHash}, rotated_at = ${change.at}
    where id = ${change.id} and disabled_at is null
    returning ${columns(sql)}`
  return row ?? null
}

/** For a client registered after `since` whose first secret nobody has used or replaced; null for others. */
export async function replaceUnusedSecret(
  sql: Sql,
  change: { id: string; secretHash: Buffer; since: Date },
): Promise<ClientRow | null> {
  const [row] = await sql<ClientRow[]>`
    update api_client
    set secret_hash = ${change.secretHash}
    where id = ${change.id} and disabled_at is null
      and last_used_at is null and rotated_at is null and created_at > ${change.since}
    returning ${columns(sql)}`
  return row ?? null
}

/** Null for an unknown client, and for one that is disabled already. */
export async function disableClient(
  sql: Sql,
  { id, at }: { id: string; at: Date },
): Promise<ClientRow | null> {
  const [row] = await sql<ClientRow[]>`
    update api_client
    set disabled_at = ${at}
    where id = ${id} and disabled_at is null
    returning ${columns(sql)}`
  return row ?? null
}

export type Credentials = {
  id: string
  secretHash: Buffer
  scopes: PartnerScope[]
  rateLimitPerMinute: number
}

/** What the provider needs to let a program in. Null for an unknown or disabled client. */
export async function credentialsOf(sql: Sql, id: string): Promise<Credentials | null> {
  const [row] = await sql<Credentials[]>`
    select id, secret_hash, scopes, rate_limit_per_minute
    from api_client
    where id = ${id} and disabled_at is null`
  return row ?? null
}

/**
 * Notes that a token is about to be given to who presented this secret. False when the client was
 * disabled or its secret replaced in the meantime: the row decides, not what was read before.
 */
export async function useClient(sql: Sql, { id, secretHash, at }: NewSecret): Promise<boolean> {
  const used = await sql`
    update api_client
    set last_used_at = ${at}
    where id = ${id} and secret_hash = ${secretHash} and disabled_at is null
    returning id`
  return used.length > 0
}
