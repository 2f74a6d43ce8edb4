import type { Pool } from './postgres.ts'

/** Few enough rows to stay far below the statement timeout. */
const batchSize = 5_000

type Sweep = (sql: Pool) => Promise<number>

/**
 * The tables of the kit would grow for ever without these. Each deletes one batch and tells how
 * many rows it was.
 */
const sweeps: readonly Sweep[] = [
  async (sql) => {
    const { count } = await sql`
      delete from outbox
      where id in (
        select id from outbox where published_at < now() - interval '7 days' limit ${batchSize})`
    return count
  },
  async (sql) => {
    // As long as the bus keeps events: then none can arrive again.
    const { count } = await sql`
      delete from inbox
      where (consumer, event_id) in (
        select consumer, event_id
        from inbox
        where handled_at < now() - interval '30 days'
        limit ${batchSize})`
    return count
  },
  async (sql) => {
    const { count } = await sql`
      delete from idempotency
      where (principal, key) in (
        select principal, key from idempotency where expires_at < now() limit ${batchSize})`
    return count
  },
  async (sql) => {
    const [row] = await sql<{ count: number }[]>`select bus.sweep(${batchSize}) as count`
    return row?.count ?? 0
  },
]

/** Deletes what is no longer needed, batch by batch. */
export async function sweep(sql: Pool): Promise<void> {
  for (const takeBatch of sweeps) {
    while ((await takeBatch(sql)) === batchSize);
  }
}
