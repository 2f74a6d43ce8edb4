import type { Sql } from '#kit/postgres'
import type { Role } from '#schema/scopes'

export type DelegationRow = {
  id: string
  fromId: string
  toId: string
  scopes: string[]
  expiresAt: Date
}

/** A delegation is told once, and told again by nobody; one that was revoked stays so. */
export const insertDelegation = (sql: Sql, delegation: DelegationRow) => sql`
  insert into delegation ${sql(delegation)}
  on conflict (id) do nothing`

export const markRevoked = (sql: Sql, { id, at }: { id: string; at: Date }) => sql`
  update delegation
  set revoked_at = ${at}
  where id = ${id} and revoked_at is null`

type Wanted = { id: string; toId: string; at: Date }

/** The delegation while it is good for this delegate; it cannot be revoked before the transaction ends. */
export async function delegationFor(
  sql: Sql,
  { id, toId, at }: Wanted,
): Promise<DelegationRow | null> {
  const [row] = await sql<DelegationRow[]>`
    select id, from_id, to_id, scopes, expires_at
    from delegation
    where id = ${id} and to_id = ${toId} and revoked_at is null and expires_at > ${at}
    for share`
  return row ?? null
}

export type NewAct = {
  readonly sessionId: string
  readonly actorId: string
  readonly personId: string
  readonly displayName: string
  readonly roles: readonly Role[]
  /** Null for everything that the roles allow. */
  readonly scopes: readonly string[] | null
  readonly readOnly: boolean
  readonly delegationId: string | null
  readonly reason: string | null
  readonly startedAt: Date
  readonly endsAt: Date
}

/** True for a live session of the actor's that acts for nobody; nobody else changes it until the transaction ends. */
export async function lockFreeSession(sql: Sql, act: NewAct): Promise<boolean> {
  const found = await sql`
    select
    from web_session
    where id = ${act.sessionId} and person_id = ${act.actorId}
      and revoked_at is null and expires_at > ${act.startedAt}
      and (acting_for is null or acting_until <= ${act.startedAt})
    for update`
  return found.length > 0
}

/** The session acts from now on. */
export async function insertAct(sql: Sql, act: NewAct): Promise<void> {
  const { sessionId, actorId, personId, delegationId, reason, startedAt, endsAt } = act
  const row = { sessionId, actorId, personId, delegationId, reason, startedAt, endsAt }
  await sql`insert into act ${sql(row)}`
  await sql`
    update web_session
    set acting_for = ${act.personId}, acting_name = ${act.displayName},
      acting_roles = ${[...act.roles]}::text[],
      acting_scopes = ${act.scopes === null ? null : [...act.scopes]}::text[],
      acting_read_only = ${act.readOnly}, acting_until = ${act.endsAt}
    where id = ${act.sessionId}`
}

export type ActRow = {
  id: string
  sessionId: string
  actorId: string
  personId: string
  delegationId: string | null
  endsAt: Date
}

const columns = (sql: Sql) =>
  sql`act.id, session_id, actor_id, act.person_id, delegation_id, ends_at`

/** The act that has not been ended in this session; null when there is none. */
export async function openActIn(
  sql: Sql,
  { sessionId, actorId }: { sessionId: string; actorId: string },
): Promise<ActRow | null> {
  const [row] = await sql<ActRow[]>`
    select ${columns(sql)}
    from act
    where session_id = ${sessionId} and actor_id = ${actorId} and ended_at is null
    for update`
  return row ?? null
}

export const openActsBy = (sql: Sql, delegationId: string) => sql<ActRow[]>`
  select ${columns(sql)}
  from act
  where delegation_id = ${delegationId} and ended_at is null
  for update`

/** Ends the act and what its session does by it; the session goes on for its own person. */
export async function endAct(sql: Sql, { id, sessionId }: ActRow, at: Date): Promise<void> {
  await sql`update act set ended_at = ${at} where id = ${id} and ended_at is null`
  await sql`
    update web_session
    set acting_for = null, acting_name = null, acting_roles = null, acting_scopes = null,
      acting_until = null
    where id = ${sessionId} and revoked_at is null and acting_for is not null`
}

export type ActWithSession = ActRow & {
  isLive: boolean
  roles: Role[] | null
  actingRoles: Role[] | null
  actingScopes: string[] | null
  actingReadOnly: boolean | null
}

/** Every act that has not been ended; there are never many. */
export const openActs = (sql: Sql, at: Date) => sql<ActWithSession[]>`
  select
    ${columns(sql)}, roles, acting_roles, acting_scopes, acting_read_only,
    coalesce(
      revoked_at is null and expires_at > ${at} and acting_for = act.person_id, false) as is_live
  from act
  left join web_session session on session.id = act.session_id
  where ended_at is null
  order by act.id
  limit 1000
  for update of act skip locked`
