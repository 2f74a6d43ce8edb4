import { type AuditEntry, audit } from '#kit/audit'
import type { Sql } from '#kit/postgres'
import { requestNotice } from '../letter/request.ts'
import { type FactorChange, factorChanges } from './rules.ts'

type Change = {
  /** Whose factors they are: nobody else changes them. */
  readonly personId: string
  readonly what: FactorChange
  readonly requestId?: string
  readonly detail?: AuditEntry['detail']
}

/** Tells the audit, and the person by letter, in the transaction that changes their factors. */
export async function factorChanged(sql: Sql, change: Change): Promise<void> {
  const { personId, what, requestId, detail } = change
  await audit(sql, {
    action: `auth.${what}`,
    actorId: personId,
    entity: 'User',
    entityId: personId,
    ...(requestId && { requestId }),
    ...(detail && { detail }),
  })
  await requestNotice(sql, personId, factorChanges[what])
}
