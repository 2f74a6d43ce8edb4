import type { Sql } from '#kit/postgres'
import { deleteRecoveryCodes } from '../recovery/queries.ts'
import { hasSecondFactor } from './queries.ts'

/** With the last factor gone its recovery codes stand for nothing. */
export async function dropCodesOfNobody(sql: Sql, personId: string): Promise<void> {
  if (!(await hasSecondFactor(sql, personId))) await deleteRecoveryCodes(sql, personId)
}
