import { emit } from '#kit/outbox'
import type { Sql } from '#kit/postgres'
import type { Role } from '#schema/scopes'
import { endSignIns } from '../provider/sign-ins.ts'
import { revokeSessions } from './queries.ts'

type Proof = { readonly sessionId: string; readonly personId: string; readonly at: Date }

/**
 * The session is at level 2 from `at` on, for as long as the gateway lets that count. Every gateway
 * reads it anew when the transaction commits. False when the person has no such live session.
 */
export async function stepUp(sql: Sql, { sessionId, personId, at }: Proof): Promise<boolean> {
  const stepped = await sql`
    update web_session
    set acr = '2', acr_at = ${at}
    where id = ${sessionId} and person_id = ${personId}
      and revoked_at is null and expires_at > ${at}`
  return stepped.count > 0
}

const recentMinutes = 15

/** True while it is not long ago that the person proved at the provider who they are. */
export async function signedInRecently(
  sql: Sql,
  { sessionId, personId, at }: Proof,
): Promise<boolean> {
  const found = await sql`
    select 1
    from web_session
    where id = ${sessionId} and person_id = ${personId}
      and authenticated_at > ${at}::timestamptz - make_interval(mins => ${recentMinutes})
      and revoked_at is null and expires_at > ${at}`
  return found.length > 0
}

type Ending = { readonly personId: string; readonly at: Date; readonly reason: string }

/**
 * Ends every session of a person, their sign-ins at the embedded provider, and what anybody does in
 * their name. Gives how many sessions that were.
 */
export async function endSessionsOf(sql: Sql, { personId, at, reason }: Ending): Promise<number> {
  const ended = await revokeSessions(sql, { personId, which: { allBut: null }, at })
  for (const { id: sessionId } of ended) {
    const payload = { sessionId, personId, reason }
    await emit(sql, { topic: 'auth.session-revoked', entityId: sessionId, payload })
  }
  await endSignIns(sql, { accountId: personId, sids: null, keep: [] })
  await endActingFor(sql, personId)
  return ended.length
}

/** Whoever acts for this person acts for themselves again. */
export const endActingFor = (sql: Sql, personId: string) => sql`
  update web_session
  set acting_for = null, acting_name = null, acting_roles = null, acting_scopes = null,
    acting_until = null
  where acting_for = ${personId} and revoked_at is null`

type NewRoles = { readonly personId: string; readonly roles: readonly Role[]; readonly at: Date }

/** Live sessions get these roles at once; what is open under the old ones ends on every gateway. */
export async function setSessionRoles(sql: Sql, { personId, roles, at }: NewRoles): Promise<void> {
  await sql`
    update web_session
    set roles = ${[...roles]}
    where person_id = ${personId} and revoked_at is null and expires_at > ${at}`
  await sql`
    update web_session
    set acting_roles = ${[...roles]}
    where acting_for = ${personId} and revoked_at is null and expires_at > ${at}`
}
