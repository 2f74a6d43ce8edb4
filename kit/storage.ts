import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Pool } from './postgres.ts'

type Options = {
  readonly sql: Pool
  readonly service: string
  readonly metrics: Metrics
  readonly log: Log
  readonly everyMs?: number
}

/** Measures what a service's schema takes on disk, indexes and long values included, once a minute. */
export async function watchStorage({ sql, service, metrics, log, everyMs = 60_000 }: Options) {
  let bytes = 0
  const measure = async () => {
    const [row] = await sql<{ bytes: number }[]>`
      select coalesce(sum(pg_total_relation_size(oid)), 0)::bigint as bytes
      from pg_class
      where relnamespace = ${service}::regnamespace and relkind = 'r'`
    bytes = row?.bytes ?? 0
  }
  const measured = () =>
    measure().catch((error: unknown) => log.warn(`The storage of ${service} is not known`, error))
  metrics.gauge({
    name: 'storage_bytes',
    help: 'What the tables of the service take on disk, with their indexes.',
    read: () => bytes,
  })
  await measured()
  let running = Promise.resolve()
  const timer = setInterval(() => {
    running = measured()
  }, everyMs)
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}
