import type { Sql } from '#kit/postgres'
import type { BookingRow } from './queries.ts'

/**
 * Decides whether what a held booking costs is settled, so that it may be confirmed. Asked inside the transaction
 * that confirms: an adapter answers from what is already known here, it calls nobody.
 */
export type Settlement = {
  isSettled(sql: Sql, booking: BookingRow): Promise<boolean>
}
