import type { Pool } from '#kit/postgres'
import { costOf, type Drawn, type RateBuckets } from './bucket.ts'

/**
 * Buckets in `gateway.rate_bucket`, shared by all instances. One statement draws: the row's lock
 * puts two at the same instant in a row. `drawFrom` is the same rule.
 */
export const bucketsIn = (sql: Pool): RateBuckets => ({
  draw: async (key, { limit, now }) => {
    const cost = sql`${costOf(limit)} * interval '1 microsecond'`
    const empty = sql`(${now}::timestamptz + interval '1 minute')`
    const after = sql`greatest(least(bucket.full_at, ${empty}) + ${cost}, excluded.full_at)`
    const [drawn] = await sql<Drawn[]>`
      insert into gateway.rate_bucket as bucket (key, full_at)
      values (${key}, ${now}::timestamptz + ${cost})
      on conflict (key) do update
      set full_at = case
        when ${after} <= ${empty} then ${after} else least(bucket.full_at, ${empty})
      end
      returning
        coalesce(new.full_at > old.full_at, true) as is_taken,
        (extract(epoch from new.full_at) * 1000000)::float8 as full_at`
    if (!drawn) throw new Error('The bucket did not answer.')
    return drawn
  },
})
