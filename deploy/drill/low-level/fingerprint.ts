import type { Pool } from '#kit/postgres'

/** For each table of a database: how many rows, and a sum over all that is in them. */
export type Fingerprint = Readonly<Record<string, string>>

type Table = { readonly schema: string; readonly name: string }

/** What the server itself writes about its work is not data. */
export async function fingerprintOf(sql: Pool): Promise<Fingerprint> {
  const tables = await sql<Table[]>`
    select n.nspname as schema, c.relname as name
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname !~ '^(pg_|information_schema$)'
    order by 1, 2`
  const rows: [string, string][] = []
  for (const { schema, name } of tables) {
    const [row] = await sql<{ print: string }[]>`
      select count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) as print
      from ${sql(schema)}.${sql(name)} t`
    rows.push([`${schema}.${name}`, row?.print ?? ''])
  }
  return Object.fromEntries(rows)
}

export const rowsIn = (print: Fingerprint): number =>
  Object.values(print).reduce((sum, line) => sum + Number(line.split(' ')[0]), 0)

const invariants = {
  'every event that was published is on the bus': `
    select 'users' as at, id from users.outbox o where published_at is not null
      and not exists (select from bus.event e where e.id = o.id)
    union all select 'bookings', id from bookings.outbox o where published_at is not null
      and not exists (select from bus.event e where e.id = o.id)
    union all select 'billing', id from billing.outbox o where published_at is not null
      and not exists (select from bus.event e where e.id = o.id)`,
  'the bus has no gap': `
    select position from bus.event
    where position > 1 and position - 1 not in (select position from bus.event)`,
  'no consumer is ahead of the bus': `
    select name from (
      select name, position from users.consumer union all select name, position from bookings.consumer
      union all select name, position from billing.consumer) c
    where position > (select coalesce(max(position), 0) from bus.event)`,
} as const

/** The rules that do not hold, by name; the tables are in hand, so every one is looked at. */
export async function brokenInvariants(sql: Pool): Promise<string[]> {
  const broken: string[] = []
  for (const [name, query] of Object.entries(invariants)) {
    if ((await sql.unsafe(query)).length > 0) broken.push(name)
  }
  return broken
}
