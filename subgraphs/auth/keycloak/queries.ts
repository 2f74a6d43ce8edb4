import type { Sql } from '#kit/postgres'
import type { Role } from '#schema/scopes'

/** Two kinds of events, each handled up to a moment of its own. Names are never reused. */
export type Cursor = 'auth.keycloak-people' | 'auth.keycloak-admins'
const ended = 'auth.keycloak-sign-ins'

/** When the last event that was handled happened; now, when there was none yet. */
export async function lastEventAt(sql: Sql, cursor: Cursor, now: Date): Promise<Date> {
  const [row] = await sql<{ position: number }[]>`
    insert into consumer as known (name, position)
    values (${cursor}, ${now.getTime()})
    on conflict (name) do update
    set position = known.position
    returning position::float8 as position`
  return new Date(row?.position ?? now)
}

type Seen = { readonly id: string; readonly at: Date }

/** False when it was handled before: then there is nothing to do. */
export async function claimEvent(sql: Sql, cursor: Cursor, { id, at }: Seen): Promise<boolean> {
  const claimed = await claim(sql, cursor, id)
  await sql`
    update consumer
    set position = greatest(position, ${at.getTime()})
    where name = ${cursor}`
  return claimed
}

async function claim(sql: Sql, consumer: string, id: string): Promise<boolean> {
  const claimed = await sql`
    insert into inbox (consumer, event_id)
    values (${consumer}, ${id})
    on conflict do nothing
    returning event_id`
  return claimed.length > 0
}

const nobody = '00000000-0000-0000-0000-000000000000'

type Failure = { readonly personId: string | null; readonly at: Date }

/** Counts with what fails at our own door: the audit has one line a minute. */
export const addFailure = (sql: Sql, { personId, at }: Failure) => sql`
  insert into failed_attempt as known (minute, account_id, failed)
  values (date_trunc('minute', ${at}::timestamptz), ${personId ?? nobody}, 1)
  on conflict (minute, account_id) do update
  set failed = known.failed + 1`

type Held = { readonly personId: string; readonly roles: readonly Role[]; readonly at: Date }

/** True when a live session has other roles than these. */
export async function holdsOtherRoles(sql: Sql, { personId, roles, at }: Held): Promise<boolean> {
  const found = await sql`
    select 1
    from web_session
    where person_id = ${personId} and revoked_at is null and expires_at > ${at}
      and not (roles @> ${[...roles]}::text[] and roles <@ ${[...roles]}::text[])
    limit 1`
  return found.length > 0
}

/** A sign-in may just be on its way into a new session. */
const settleSeconds = 3

const endedAtOnce = 50

/**
 * Sign-ins behind sessions that have ended here and that no other session lives on, each given once.
 * A session that was lost leaves its sign-in: a silent one may follow.
 */
export async function takeEndedSignIns(sql: Sql, at: Date): Promise<string[]> {
  const rows = await sql<{ id: string; providerSid: string }[]>`
    select id, provider_sid
    from web_session as over
    where revoked_at between ${at}::timestamptz - interval '1 hour'
        and ${at}::timestamptz - make_interval(secs => ${settleSeconds})
      and provider_sid is not null and lost_at is null
      and not exists (
        select 1 from inbox where consumer = ${ended} and event_id = over.id)
      and not exists (
        select 1
        from web_session as other
        where other.provider_sid = over.provider_sid
          and other.revoked_at is null and other.expires_at > ${at})
    limit ${endedAtOnce}`
  const taken: string[] = []
  for (const { id, providerSid } of rows) {
    if (await claim(sql, ended, id)) taken.push(providerSid)
  }
  return [...new Set(taken)]
}
