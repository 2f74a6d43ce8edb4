import { emit } from '#kit/outbox'
import type { Sql } from '#kit/postgres'
import { expireHolds } from './queries.ts'

type Change = 'held' | 'confirmed' | 'cancelled' | 'expired'

type Told = {
  readonly id: string
  readonly serviceId: string
  readonly coachId: string
  readonly clientId: string
  readonly startsAt: Date
  /** The version that the change made. */
  readonly version: number
}

/** Tells of a change of a booking in the transaction that makes it. */
export const tell = (sql: Sql, change: Change, booking: Told) => {
  const { id, serviceId, coachId, clientId, startsAt, version } = booking
  return emit(sql, {
    topic: `bookings.booking-${change}`,
    entityId: id,
    payload: { serviceId, coachId, clientId, startsAt: startsAt.toISOString(), version },
  })
}

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
