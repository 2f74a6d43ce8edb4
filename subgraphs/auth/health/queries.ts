import type { Sql } from '#kit/postgres'
import type { Sample } from './rules.ts'

/** Of several processes that looked in the same turn, the first one's word stays. */
export const keepSamples = (sql: Sql, samples: readonly Sample[]) => sql`
  insert into health_sample ${sql(samples, 'target', 'at', 'ok', 'latencyMs', 'certificateEndsAt')}
  on conflict (target, at) do nothing`

const sweepMax = 5_000

export const forgetSamples = (sql: Sql, before: Date) => sql`
  delete from health_sample
  where (target, at) in (
    select target, at from health_sample where at < ${before} order by at limit ${sweepMax})`

/** The newest of each target that is asked for and was ever seen. */
export const latestSamples = (sql: Sql, targets: readonly string[]) => sql<Sample[]>`
  select sample.target, at, ok, latency_ms, certificate_ends_at
  from unnest(${targets}::text[]) as wanted (target)
  cross join lateral (
    select *
    from health_sample
    where health_sample.target = wanted.target
    order by at desc
    limit 1
  ) as sample`

export type Day = {
  readonly target: string
  /** UTC, as YYYY-MM-DD. */
  readonly day: string
  /** Between 0 and 1. */
  readonly uptime: number
}

/** The share of good answers, a row for each target and day on which anybody looked, oldest first. */
export const uptimeByDay = (sql: Sql, range: { targets: readonly string[]; since: Date }) => sql<
  Day[]
>`
  select target, to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day,
    avg(ok::int)::float8 as uptime
  from health_sample
  where target = any(${range.targets}) and at >= ${range.since}
  group by target, day
  order by target, day`
