import { emit } from '#kit/outbox'
import type { Sql } from '#kit/postgres'
import { endSignIns } from '../provider/sign-ins.ts'
import { liveSignIns, revokeSessions } from '../session/queries.ts'

type Ending = {
  readonly personId: string
  /** The session that goes on. */
  readonly own: string | null
  readonly at: Date
  readonly reason: string
}

/** Ends every session of a person but one, and the sign-ins behind them. Gives how many. */
export async function endOtherSessions(
  sql: Sql,
  { personId, own, at, reason }: Ending,
): Promise<number> {
  const ended = await revokeSessions(sql, { personId, which: { allBut: own }, at })
  for (const { id: sessionId } of ended) {
    const payload = { sessionId, personId, reason }
    await emit(sql, { topic: 'auth.session-revoked', entityId: sessionId, payload })
  }
  const keep = own === null ? [] : await liveSignIns(sql, { personId, at })
  await endSignIns(sql, { accountId: personId, sids: null, keep })
  return ended.length
}
