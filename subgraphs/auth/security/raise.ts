import type { Sql } from '#kit/postgres'
import { stepUp } from '../session/step-up.ts'
import type { Owner } from './standing.ts'

/** Raises the level of the session that asks, and says the level. A program without one keeps its own. */
export async function raise(sql: Sql, { viewer, personId }: Owner, at: Date): Promise<string> {
  const { sessionId, acr } = viewer
  return sessionId && (await stepUp(sql, { sessionId, personId, at })) ? '2' : acr
}
