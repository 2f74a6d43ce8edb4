import { audit } from '#kit/audit'
import type { Sql } from '#kit/postgres'
import {
  type ActRow,
  endAct,
  insertAct,
  lockFreeSession,
  type NewAct,
  openActIn,
} from './queries.ts'
import type { Why } from './rules.ts'

type End = { readonly why: Why; readonly at: Date; readonly requestId?: string }

const kindOf = ({ delegationId }: Pick<ActRow, 'delegationId'>) =>
  delegationId === null ? 'impersonation' : 'delegation'

/** Tells the audit of an act, with both names. */
export const tellAct = (
  sql: Sql,
  act: Pick<ActRow, 'actorId' | 'personId' | 'delegationId'>,
  { what, requestId, detail }: { what: 'started' | 'ended'; requestId?: string; detail: object },
) =>
  audit(sql, {
    ...{ action: `auth.${kindOf(act)}-${what}`, entity: 'User', entityId: act.personId },
    ...{ actorId: act.actorId, onBehalfOf: act.personId },
    ...(requestId && { requestId }),
    detail: { ...detail, ...(act.delegationId && { delegationId: act.delegationId }) },
  })

/** Ends an act and tells of it; every gateway hears of it when the transaction commits. */
export async function finish(sql: Sql, act: ActRow, { why, at, requestId }: End): Promise<void> {
  await endAct(sql, act, at)
  await tellAct(sql, act, { what: 'ended', detail: { why }, ...(requestId && { requestId }) })
}

/** Begins an act; false when the session is over or acts for somebody. One that ended by itself is told of first. */
export async function begin(sql: Sql, act: NewAct): Promise<boolean> {
  if (!(await lockFreeSession(sql, act))) return false
  const stale = await openActIn(sql, act)
  const at = act.startedAt
  if (stale) await finish(sql, stale, { why: stale.endsAt <= at ? 'expired' : 'withdrawn', at })
  await insertAct(sql, act)
  return true
}
