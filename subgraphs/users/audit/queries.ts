import type { Page } from '#kit/connection'
import type { Sql } from '#kit/postgres'
import type { NewEntry } from './entry.ts'

export type AuditRow = Omit<NewEntry, 'detail'> & {
  seq: number
  recordedAt: Date
  detail: string
  previousHash: string
  hash: string
}

/** Adds the link, unless it is there: an event may arrive again long after the inbox forgot it. */
export const insertEntry = (sql: Sql, { detail, ...entry }: NewEntry) => sql`
  insert into audit_event (
    id, at, source, actor_id, on_behalf_of, action, entity, entity_id, request_id, ip, detail)
  select
    ${entry.id}::uuid, ${entry.at}::timestamptz, ${entry.source}, ${entry.actorId}::uuid,
    ${entry.onBehalfOf}::uuid, ${entry.action}, ${entry.entity}, ${entry.entityId}::uuid,
    ${entry.requestId}, ${entry.ip}::inet, coalesce(${sql.json(detail)}::jsonb, 'null')
  where not exists (select from audit_event where id = ${entry.id}::uuid)`

export type Sought = {
  readonly actorId: string | null
  readonly entity: string | null
  readonly entityId: string | null
  readonly action: string | null
  readonly from: Date | null
  readonly to: Date | null
}

const matching = (sql: Sql, { actorId, entity, entityId, action, from, to }: Sought) => sql`
  (${actorId}::uuid is null or actor_id = ${actorId}::uuid or on_behalf_of = ${actorId}::uuid)
  and (${entity}::text is null or entity = ${entity})
  and (${entityId}::uuid is null or entity_id = ${entityId}::uuid)
  and (${action}::text is null or action = ${action} or starts_with(action, ${action} || '.'))
  and (${from}::timestamptz is null or at >= ${from})
  and (${to}::timestamptz is null or at < ${to})`

/** Newest first. One row more than the page holds, which tells that there is a next page. */
export const entriesPage = (sql: Sql, page: Page, sought: Sought) => sql<AuditRow[]>`
  select
    seq, id, at, recorded_at, source, actor_id, on_behalf_of, action, entity, entity_id, request_id,
    host(ip) as ip, detail::text as detail, encode(previous_hash, 'hex') as previous_hash,
    encode(hash, 'hex') as hash
  from audit_event
  where ${matching(sql, sought)}
    and ${page.after ? sql`seq < ${Number(page.after.key)}` : sql`true`}
  order by seq desc
  limit ${page.limit + 1}`
