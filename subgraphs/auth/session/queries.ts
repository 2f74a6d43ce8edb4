import type { Sql } from '#kit/postgres'

export type SessionRow = {
  id: string
  device: string
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
}

/** More than anybody has; a list without an end is a way to make the server slow. */
const sessionsMax = 100

const live = (sql: Sql, at: Date) => sql`revoked_at is null and expires_at > ${at}`

/** Live sessions, last used first. */
export const sessionsOf = (sql: Sql, { personId, at }: { personId: string; at: Date }) =>
  sql<SessionRow[]>`
    select id, device, created_at, last_seen_at, expires_at
    from web_session
    where person_id = ${personId} and ${live(sql, at)}
    order by last_seen_at desc, id desc
    limit ${sessionsMax}`

/** False when there is no such live session of this person. */
export async function revokeSession(
  sql: Sql,
  { id, personId, at }: { id: string; personId: string; at: Date },
): Promise<boolean> {
  const revoked = await sql`
    update web_session
    set revoked_at = ${at}
    where id = ${id} and person_id = ${personId} and ${live(sql, at)}
    returning id`
  return revoked.length > 0
}
