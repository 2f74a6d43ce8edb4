import { type AuditEntry, audit } from '#kit/audit'
import { emit } from '#kit/outbox'
import type { Sql } from '#kit/postgres'
import type { SecurityChange } from './rules.ts'

type Change = {
  /** Whose factors they are; who did it when nothing else is said. */
  readonly personId: string
  readonly what: SecurityChange
  readonly at: Date
  readonly requestId?: string
  readonly detail?: AuditEntry['detail']
}

/** Tells the audit, and the person by letter, in the transaction that changes their factors. */
export async function factorChanged(sql: Sql, change: Change): Promise<void> {
  const { personId, what, at, requestId, detail } = change
  await audit(sql, {
    action: `auth.${what}`,
    actorId: personId,
    entity: 'Account',
    entityId: personId,
    ...(requestId && { requestId }),
    ...(detail && { detail }),
  })
  await emit(sql, {
    topic: 'auth.security-changed',
    entityId: personId,
    payload: { personId, what, at: at.toISOString() },
  })
}
