import type { Pool } from '#kit/postgres'
import { databaseServices } from '#schema/subgraphs'

type Column = {
  readonly schema: string
  readonly name: string
  readonly type: string
  readonly column: string
  readonly mark: string
}
type Link = {
  readonly schema: string
  readonly from: string
  readonly to: string
  readonly by: string
}

/** Tables that the kit puts into every schema: events, what was seen of them, migrations. */
const shared = ['consumer', 'idempotency', 'inbox', 'migration', 'outbox', 'parked_event']

const columnsIn = (sql: Pool) => sql<Column[]>`
  select n.nspname as schema, c.relname as name, a.attname as column,
    replace(format_type(a.atttypid, null), n.nspname || '.', '') as type,
    concat_ws(', ',
      case when exists (select 1 from pg_constraint k
        where k.conrelid = c.oid and k.contype = 'p' and a.attnum = any(k.conkey)) then 'PK' end,
      case when exists (select 1 from pg_constraint k
        where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any(k.conkey)) then 'FK' end) as mark
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where n.nspname = any(${[...databaseServices]}) and c.relkind in ('r', 'p')
    and not c.relispartition and c.relname <> all(${shared})
  order by n.nspname, c.relname, a.attnum`

const linksIn = (sql: Pool) => sql<Link[]>`
  select distinct n.nspname as schema, c.relname as from, t.relname as to,
    (select string_agg(a.attname, ', ' order by a.attnum) from pg_attribute a
      where a.attrelid = c.oid and a.attnum = any(k.conkey)) as by
  from pg_constraint k
  join pg_class c on c.oid = k.conrelid
  join pg_class t on t.oid = k.confrelid
  join pg_namespace n on n.oid = c.relnamespace
  where k.contype = 'f' and n.nspname = any(${[...databaseServices]})
    and not c.relispartition and not t.relispartition
  order by 1, 2, 3, 4`

const typeOf = (type: string) => type.replace(/[^a-z0-9]+/gi, '_').replace(/_$/, '')

function tableOf(name: string, columns: readonly Column[]): string[] {
  const lines = columns.map(({ type, column, mark }) =>
    `    ${typeOf(type)} ${column} ${mark}`.trimEnd(),
  )
  return [`  ${name} {`, ...lines, '  }']
}

function sectionOf(schema: string, columns: readonly Column[], links: readonly Link[]): string {
  const tables = Map.groupBy(columns, ({ name }) => name)
  const arrows = links.map(({ from, to, by }) => `  ${to} ||--o{ ${from} : "${by}"`)
  const lines = [...tables].flatMap(([name, all]) => tableOf(name, all))
  return [`## ${schema}`, '', '```mermaid', 'erDiagram', ...arrows, ...lines, '```'].join('\n')
}

const heading = `# Tables

What each service keeps, in its own schema of one database: drawn by \`bun run docs:erd\` from a database with every migration. No
foreign key leads from one schema to another; services know each other's rows by their ids. Left out are the tables that every
schema has: ${shared.join(', ')}.`

/** The page of every schema, from a database that has all migrations. */
export async function tablesPage(sql: Pool): Promise<string> {
  const [columns, links] = await Promise.all([columnsIn(sql), linksIn(sql)])
  const bySchema = Map.groupBy(columns, ({ schema }) => schema)
  const sections = [...bySchema].map(([schema, all]) =>
    sectionOf(
      schema,
      all,
      links.filter((link) => link.schema === schema),
    ),
  )
  return `${[heading, ...sections].join('\n\n')}\n`
}
