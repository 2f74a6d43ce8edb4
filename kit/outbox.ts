import type { Json, Sql } from './postgres.ts'
import { injectTrace } from './trace.ts'

export type OutgoingEvent = {
  /** `<subgraph>.<thing>-<what happened>`, for example `bookings.booking-confirmed`. */
  readonly topic: string
  readonly entityId: string
  readonly payload: Json
}

/**
 * Tells of a change in the transaction that makes it: the event exists if and only if the change
 * does.
 */
export async function emit(sql: Sql, { topic, entityId, payload }: OutgoingEvent): Promise<void> {
  const headers = new Headers()
  injectTrace(headers)
  // The driver sends a JSON null as SQL's null.
  await sql`
    insert into outbox (topic, entity_id, payload, headers)
    values (
      ${topic}, ${entityId}, coalesce(${sql.json(payload)}::jsonb, 'null'),
      ${sql.json(Object.fromEntries(headers))})`
}
