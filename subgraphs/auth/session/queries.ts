import type { Sql } from '#kit/postgres'

export type SessionRow = {
  id: string
  personId: string
  device: string
  ip: string
  place: string | null
  acr: string
  impersonated: boolean
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
}

/** More than anybody has; a list without an end is a way to make the server slow. */
const sessionsMax = 100

const live = (sql: Sql, at: Date) => sql`revoked_at is null and expires_at > ${at}`

const columns = (sql: Sql, at: Date) => sql`
  id, person_id, device, coalesce(text(ip), '') as ip, place, acr,
  coalesce(acting_until > ${at}, false) as impersonated, created_at, last_seen_at, expires_at`

/** Live sessions, last used first. */
export const sessionsOf = (sql: Sql, { personId, at }: { personId: string; at: Date }) =>
  sql<SessionRow[]>`
    select ${columns(sql, at)}
    from web_session
    where person_id = ${personId} and ${live(sql, at)}
    order by last_seen_at desc, id desc
    limit ${sessionsMax}`

type Persons = { readonly ids: readonly string[]; readonly at: Date }

/** Live sessions of several people, each person's last used first. */
export const sessionsOfMany = (sql: Sql, { ids, at }: Persons) => sql<SessionRow[]>`
  select ${columns(sql, at)}
  from (
    select *, row_number() over (partition by person_id order by last_seen_at desc, id desc) as place_in_list
    from web_session
    where person_id = any(${[...ids]}::uuid[]) and ${live(sql, at)}
  ) as ranked
  where place_in_list <= ${sessionsMax}
  order by person_id, place_in_list`

export type EndedSession = { id: string; providerSid: string | null }

/**
 * Ends sessions of one person: the one with this id, or all but one, or all. Gives those that were
 * live. What was lost or not used for long ends as well, as long as a sign-in at the provider may
 * stand behind it: from now on that one opens nothing unasked.
 */
export const revokeSessions = (
  sql: Sql,
  { personId, which, at }: { personId: string; which: WhichSessions; at: Date },
) => sql<EndedSession[]>`
  with over as (
    update web_session
    set revoked_at = ${at}, lost_at = null, ended_because = null
    where person_id = ${personId} and ${named(sql, which)}
      and (revoked_at is null or lost_at is not null) and absolute_end > ${at}
    returning id, provider_sid, old.revoked_at is null and old.expires_at > ${at} as was_live
  )
  select id, provider_sid from over where was_live`

export type WhichSessions = { only: string } | { allBut: string | null }

const named = (sql: Sql, which: WhichSessions) =>
  'only' in which ? sql`id = ${which.only}` : sql`id is distinct from ${which.allBut}`

/** The provider's sign-ins that live sessions of this person came from. */
export async function liveSignIns(
  sql: Sql,
  { personId, at }: { personId: string; at: Date },
): Promise<string[]> {
  const rows = await sql<{ providerSid: string }[]>`
    select distinct provider_sid
    from web_session
    where person_id = ${personId} and provider_sid is not null and ${live(sql, at)}`
  return rows.map(({ providerSid }) => providerSid)
}
