import { audit, auditedBy } from '#kit/audit'
import type { Viewer } from '#kit/identity-token'
import { emit } from '#kit/outbox'
import type { Json, Sql } from '#kit/postgres'

type Act = {
  readonly id: string
  readonly by: Viewer
  readonly requestId: string
  readonly detail?: Json
}

/** What an administrator did to a program, for the chain of audit rows. */
export const auditClient = (sql: Sql, action: string, { id, by, requestId, detail = {} }: Act) =>
  audit(sql, { action, ...auditedBy(by), entity: 'ApiClient', entityId: id, requestId, detail })

/** A program is also a person of the bookings that it makes: their coaches read its name. */
export const provisionProgram = (sql: Sql, { id, name }: { id: string; name: string }) =>
  emit(sql, {
    topic: 'auth.account-provisioned',
    entityId: id,
    payload: {
      ...{ personId: id, email: null, displayName: name, locale: 'fr' },
      roles: ['PARTNER_APP'],
    },
  })
