import type { Cursor } from '#kit/connection'
import { literalPattern } from '#kit/like'
import type { Sql, Transaction } from '#kit/postgres'
import type { Contract } from '#schema/contracts'
import type { JudgedOperation } from './judge.ts'

export type OperationRow = JudgedOperation & {
  id: string
  client: string
  version: string
  contract: Contract
  firstSeen: Date
  lastSeen: Date | null
  calls: number
  p95Ms: number | null
  retiredAt: Date | null
  /** What the program is called that it was published for; null where that is none. */
  programName: string | null
}

const programId = (sql: Sql) => sql`
  case when operation.client not in ('web', 'partner', 'public') then operation.client::uuid end`

const columns = (sql: Sql) => sql`
  operation.id, operation.client, operation.version, operation.hash, operation.name,
  operation.kind, operation.document, operation.description, operation.cost, operation.contract,
  operation.first_seen, operation.last_seen, operation.calls, operation.p95_ms,
  operation.retired_at,
  coalesce(
    (select name from api_client where id = ${programId(sql)}),
    (select name from api_key where id = ${programId(sql)})
  ) as program_name`

/** Whose id or name this is, among the programs that the viewer may see; null for nobody's. */
export async function programNamed(sql: Sql, name: string): Promise<string | null> {
  const [row] = await sql<{ id: string }[]>`
    select id from api_client
    where disabled_at is null and (id::text = ${name} or lower(name) = lower(${name}))
    union all
    select id from api_key
    where revoked_at is null and (id::text = ${name} or lower(name) = lower(${name}))
    limit 1`
  return row?.id ?? null
}

/**
 * Who publishes for a client does so alone until the transaction ends: two that publish the same
 * operations in another order would wait for each other.
 */
export const lockClient = (sql: Transaction, client: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended('operation ' || ${client}, 0))`

type Known = Pick<OperationRow, 'hash' | 'retiredAt'>

/** Those of a client that have one of these hashes. */
export const knownAmong = (sql: Sql, client: string, hashes: readonly string[]) => sql<Known[]>`
  select hash, retired_at
  from operation
  where client = ${client} and hash = any(${[...hashes]}::text[])`

/** How many a client has that may still run. */
export async function countOf(sql: Sql, client: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from operation where client = ${client} and retired_at is null`
  return row?.count ?? 0
}

export type NewOperation = JudgedOperation & {
  readonly client: string
  readonly version: string
  readonly contract: Contract
  readonly publishedBy: string | null
  readonly firstSeen: Date
}

/** The hashes of those that were not there: of two at the same moment one is new. */
export const insertOperations = (sql: Sql, operations: readonly NewOperation[]) => sql<
  Pick<OperationRow, 'id' | 'hash'>[]
>`
  insert into operation ${sql(operations)}
  on conflict (client, hash) do nothing
  returning id, hash`

export const operationsByHash = (sql: Sql, client: string, hashes: readonly string[]) => sql<
  OperationRow[]
>`
  select ${columns(sql)}
  from operation
  where client = ${client} and hash = any(${[...hashes]}::text[])
  order by name, id`

export const operationsByIds = (sql: Sql, ids: readonly string[]) => sql<OperationRow[]>`
  select ${columns(sql)} from operation where id = any(${[...ids]}::uuid[])`

/** Null when it was retired already, or when there is none. */
export async function retire(
  sql: Sql,
  { id, at }: { id: string; at: Date },
): Promise<OperationRow | null> {
  const [row] = await sql<OperationRow[]>`
    update operation set retired_at = ${at}
    where id = ${id} and retired_at is null
    returning ${columns(sql)}`
  return row ?? null
}

/** Null when it is not retired, or when there is none. */
export async function restore(sql: Sql, id: string): Promise<OperationRow | null> {
  const [row] = await sql<OperationRow[]>`
    update operation set retired_at = null
    where id = ${id} and retired_at is not null
    returning ${columns(sql)}`
  return row ?? null
}

type Wanted = {
  readonly limit: number
  readonly after: Cursor | null
  readonly client: string | null
  readonly search: string | null
}

/** By name. One row more than the page holds. */
export const operationsPage = (sql: Sql, { limit, after, client, search }: Wanted) => sql<
  OperationRow[]
>`
  select ${columns(sql)}
  from operation
  where ${after ? sql`(name, id) > (${after.key}, ${after.id}::uuid)` : sql`true`}
    and ${client === null ? sql`true` : sql`client = ${client}`}
    and ${search === null ? sql`true` : matches(sql, search)}
  order by name, id
  limit ${limit + 1}`

const matches = (sql: Sql, search: string) => {
  const pattern = sql`'%' || ${literalPattern(sql, sql`${search}`)} || '%'`
  return sql`(name ilike ${pattern} or starts_with(hash, lower(${search})) or document ilike ${pattern})`
}

type Policy = {
  readonly client: string
  readonly automatic: boolean
  readonly changedBy: string
  readonly changedAt: Date
}

/** False when it was so already. */
export async function setAutomatic(
  sql: Sql,
  { client, automatic, changedBy, changedAt }: Policy,
): Promise<boolean> {
  const changed = await sql`
    insert into operation_policy as known (client, automatic, changed_by, changed_at)
    values (${client}, ${automatic}, ${changedBy}, ${changedAt})
    on conflict (client) do update
    set automatic = excluded.automatic, changed_by = excluded.changed_by,
      changed_at = excluded.changed_at
    where known.automatic <> excluded.automatic
    returning client`
  return changed.length > 0
}

/** Clients that may register what they send, as they send it. */
export async function automaticClients(sql: Sql): Promise<string[]> {
  const rows = await sql<{ client: string }[]>`
    select client from operation_policy where automatic order by client`
  return rows.map(({ client }) => client)
}
