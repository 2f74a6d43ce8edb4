import type { Pool, Sql } from '#kit/postgres'
import { databaseServices } from '#schema/subgraphs'
import { asReader } from './chain.ts'

/** What was told and is no link of the chain yet. */
export type Lag = {
  readonly waiting: number
  readonly oldestSeconds: number
  /** Of them, how many the consumer failed on and tries again. */
  readonly parked: number
  /** Rooms whose outbox this role may not look into. */
  readonly unseen: readonly string[]
}

type Counted = { waiting: number; oldestSeconds: number }

const mayRead = async (sql: Sql, table: string) => {
  const [row] = await sql<{ may: boolean }[]>`
    select has_schema_privilege(split_part(${table}, '.', 1), 'usage')
      and has_table_privilege(${table}, 'select') as may`
  return row?.may ?? false
}

const counted = (sql: Sql) =>
  sql`count(*)::int as waiting,
    coalesce(extract(epoch from clock_timestamp() - min(at)), 0)::float8 as oldest_seconds`

async function inOutbox(sql: Sql, service: string): Promise<Counted | null> {
  const table = `${service}.outbox`
  if (!(await mayRead(sql, table))) return null
  const [row] = await sql<Counted[]>`
    select ${counted(sql)}
    from (
      select created_at as at
      from ${sql(table)}
      where published_at is null and (topic like '%.audited' or topic = 'auth.user-login')) waiting`
  return row ?? null
}

/** On the bus, past the place of the consumer, or parked by it. */
async function onBus(sql: Sql): Promise<Counted & { parked: number }> {
  const [row] = await sql<(Counted & { parked: number })[]>`
    select ${counted(sql)}, count(*) filter (where is_parked)::int as parked
    from (
      select at, false as is_parked
      from bus.event
      where (topic like '%.audited' or topic = 'auth.user-login')
        and position > coalesce(
          (select position from users.consumer where name = 'users.audit'), 0)
      union all
      select (event ->> 'at')::timestamptz, true
      from users.parked_event
      where consumer = 'users.audit') waiting`
  return row ?? { waiting: 0, oldestSeconds: 0, parked: 0 }
}

/** How far the chain is behind what was done. */
export const auditLag = (sql: Pool): Promise<Lag> =>
  asReader(sql, async (tx) => {
    const bus = await onBus(tx)
    const unseen: string[] = []
    const all: Counted[] = [bus]
    for (const service of databaseServices) {
      const outbox = await inOutbox(tx, service)
      if (outbox) all.push(outbox)
      else unseen.push(service)
    }
    return {
      waiting: all.reduce((sum, { waiting }) => sum + waiting, 0),
      oldestSeconds: Math.max(...all.map(({ oldestSeconds }) => oldestSeconds)),
      parked: bus.parked,
      unseen,
    }
  })
