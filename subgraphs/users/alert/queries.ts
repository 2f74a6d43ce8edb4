import type { Sql } from '#kit/postgres'
import type { Alert, AlertKind } from '../audit/rules.ts'

export type { AlertKind }

type NewAlert = Alert & { readonly eventId: string; readonly at: Date }

export type AlertRow = {
  id: string
  kind: AlertKind
  summary: string
  raisedAt: Date
  attempts: number
}

/** An event raises an alert of a kind once, however often it arrives. It is told by the worker. */
export const raise = (sql: Sql, { eventId, kind, summary, at }: NewAlert) => sql`
  insert into security_alert (event_id, kind, summary, raised_at, due_at)
  values (${eventId}, ${kind}, ${summary}, ${at}, ${at})
  on conflict (event_id, kind) do nothing`

/** The alert that has been due longest, for a minute; null when nothing is due. Two workers never take the same one. */
export async function claimAlert(sql: Sql, now: Date): Promise<AlertRow | null> {
  const [alert] = await sql<AlertRow[]>`
    update security_alert
    set attempts = attempts + 1, due_at = ${now}::timestamptz + interval '1 minute'
    where id = (
      select id
      from security_alert
      where told_at is null and due_at <= ${now}
      order by due_at, id
      limit 1
      for update skip locked)
    returning id, kind, summary, raised_at, attempts`
  return alert ?? null
}

export const settleAlert = (sql: Sql, { id, at }: { id: string; at: Date }) => sql`
  update security_alert
  set told_at = ${at}
  where id = ${id} and told_at is null`

export const postponeAlert = (sql: Sql, { id, dueAt }: { id: string; dueAt: Date }) => sql`
  update security_alert
  set due_at = ${dueAt}
  where id = ${id} and told_at is null`
