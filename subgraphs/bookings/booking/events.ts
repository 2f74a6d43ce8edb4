import { emit } from '#kit/outbox'
import type { Json, Sql } from '#kit/postgres'
import { type ChangedBooking, expireHolds } from './changes.ts'

/** What can be told of a booking, and what it is called in the schema. */
export const changes = {
  held: 'HELD',
  confirmed: 'CONFIRMED',
  moved: 'MOVED',
  cancelled: 'CANCELLED',
  expired: 'EXPIRED',
  unseated: 'UNSEATED',
  'payment-changed': 'PAYMENT',
} as const
type Change = keyof typeof changes

export const topicOf = (change: string) => `bookings.booking-${change}`

/** Tells of a change of a booking in the transaction that makes it; `more` is what this change says beside the rest. */
export const tell = (
  sql: Sql,
  change: Change,
  { id, facts, ...more }: ChangedBooking & { readonly [key: string]: Json | undefined },
) => emit(sql, { topic: topicOf(change), entityId: id, payload: { ...facts, ...more } })

/** Ends holds that are past their end, and tells of each. Gives how many there were. */
export async function endOverdueHolds(
  sql: Sql,
  at: Date,
  of: { coachId: string; clientId: string } | null,
): Promise<number> {
  const expired = await expireHolds(sql, at, of)
  for (const booking of expired) await tell(sql, 'expired', booking)
  return expired.length
}
