import type { Pool } from '#kit/postgres'
import { type Drawn, type RateBuckets, reckoned } from './bucket.ts'

const sweepEveryMs = 600_000
const sweptAtOnce = 5_000
/** By how much the clocks of two instances may differ, at most. */
const skewMs = 60_000

/**
 * Buckets in `gateway.rate_bucket`, shared by all instances. One statement draws: the row's lock
 * puts two at the same instant in a row. `drawFrom` is the same rule. Full ones are swept away now
 * and then: they are as good as none.
 */
export function bucketsIn(sql: Pool): RateBuckets {
  let sweptAt = 0
  const sweep = (now: Date) => {
    if (now.getTime() - sweptAt < sweepEveryMs) return
    sweptAt = now.getTime()
    // Whoever draws does not wait for it, and the next one tries again.
    sweepFull(sql, now).catch(() => {})
  }
  return {
    draw: async (key, draw) => {
      const { at, drawn, needed, window, cap } = reckoned(draw)
      const microseconds = (count: number) => sql`${count}::float8 * interval '1 microsecond'`
      const now = sql`${new Date(at / 1_000)}::timestamptz`
      const before = sql`greatest(least(bucket.full_at, ${now} + ${microseconds(cap)}), ${now})`
      const after = sql`
        greatest(least(${before} + ${microseconds(drawn)}, ${now} + ${microseconds(cap)}), ${now})`
      const isEnough = Number.isFinite(needed)
        ? sql`${before} + ${microseconds(needed)} <= ${now} + ${microseconds(window)}`
        : sql`true`
      const [row] = await sql<Drawn[]>`
        insert into gateway.rate_bucket as bucket (key, full_at)
        values (${key}, ${now} + ${microseconds(Math.min(Math.max(drawn, 0), cap))})
        on conflict (key) do update
        set full_at = case when ${isEnough} then ${after} else ${before} end
        returning
          ${Number.isFinite(needed) ? sql`coalesce(new.full_at > old.full_at, true)` : sql`true`}
            as is_taken,
          (extract(epoch from new.full_at) * 1000000)::float8 as full_at`
      if (!row) throw new Error('The bucket did not answer.')
      sweep(draw.now)
      return row
    },
  }
}

const sweepFull = (sql: Pool, now: Date) => sql`
  delete from gateway.rate_bucket
  where key in (
    select key
    from gateway.rate_bucket
    where full_at < ${new Date(now.getTime() - skewMs)}
    limit ${sweptAtOnce}
    for update skip locked)`
