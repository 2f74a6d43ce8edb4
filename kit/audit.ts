import type { Viewer } from './identity-token.ts'
import { emit } from './outbox.ts'
import type { Json, Sql } from './postgres.ts'

/** What somebody did, as the chain of `users.audit_event` keeps it for good. */
export type AuditEntry = {
  /** `<room>.<thing>-<what happened>`, for example `auth.password-changed`. */
  readonly action: string
  /** Who did it; null for nobody who is known, as with a sign-in that failed. */
  readonly actorId: string | null
  /** In whose name, when that is somebody else. */
  readonly onBehalfOf: string | null
  readonly entity: string
  readonly entityId: string
  readonly requestId: string | null
  readonly ip: string | null
  /** No secret, and no more of a person than the entry needs. */
  readonly detail: Json
}

/** Who did it, from who asks: behind an impersonation stands its actor. */
export const auditedBy = (viewer: Viewer): Pick<AuditEntry, 'actorId' | 'onBehalfOf'> =>
  viewer.actor === null
    ? { actorId: viewer.id, onBehalfOf: null }
    : { actorId: viewer.actor, onBehalfOf: viewer.id }

type Given = Pick<AuditEntry, 'action' | 'actorId' | 'entity' | 'entityId'> & Partial<AuditEntry>

const absent = { onBehalfOf: null, requestId: null, ip: null, detail: {} }

/** Tells of an act in the transaction that does it: the entry exists if and only if the act does. */
export function audit(sql: Sql, given: Given): Promise<void> {
  const entry: AuditEntry = { ...absent, ...given }
  const [room] = entry.action.split('.')
  return emit(sql, { topic: `${room}.audited`, entityId: entry.entityId, payload: { ...entry } })
}
