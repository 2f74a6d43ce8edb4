import { afterAll, beforeAll, expect, test } from 'bun:test'
import { resolve } from 'node:path'
import { databaseServices } from '#schema/subgraphs'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { migrate } from '../migrations.ts'
import type { Pool } from '../postgres.ts'

const root = resolve(import.meta.dir, '../..')
const folderOf = (service: string) =>
  resolve(root, service === 'gateway' ? service : `subgraphs/${service}`, 'migrations')

const kitTables = ['consumer', 'idempotency', 'inbox', 'migration', 'outbox', 'parked_event']

let db: TestDatabase
let sql: Pool

beforeAll(async () => {
  db = await testDatabase()
  sql = db.connectAdmin()
})

afterAll(() => db.drop())

/** All that a schema holds, one line each, by name: object ids differ from one creation to the next. */
async function catalogueOf(schema: string): Promise<string[]> {
  const lines = await sql<{ line: string }[]>`
    with
      relation as (select c.* from pg_class c where c.relnamespace = ${schema}::regnamespace)
    select concat_ws(' ', 'schema', nspname, nspacl) as line
      from pg_namespace where nspname = ${schema}
    union all
    select concat_ws(' ', 'relation', relkind, relname, relowner::regrole, relacl,
        relrowsecurity, relforcerowsecurity)
      from relation
    union all
    select concat_ws(' ', 'column', r.relname, a.attnum, a.attname,
        format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, a.attacl,
        pg_get_expr(d.adbin, d.adrelid))
      from relation r
      join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
    union all
    select concat_ws(' ', 'constraint', r.relname, o.conname, pg_get_constraintdef(o.oid))
      from relation r join pg_constraint o on o.conrelid = r.oid
    union all
    select concat_ws(' ', 'index', pg_get_indexdef(i.indexrelid))
      from relation r join pg_index i on i.indrelid = r.oid
    union all
    select concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid))
      from relation r join pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal
    union all
    select concat_ws(' ', 'policy', r.relname, p.polname, p.polcmd, p.polpermissive,
        (select string_agg(coalesce(role::regrole::text, 'public'), ',') from unnest(p.polroles) role),
        pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
      from relation r join pg_policy p on p.polrelid = r.oid
    union all
    select concat_ws(' ', 'function', f.proowner::regrole, f.proacl, pg_get_functiondef(f.oid))
      from pg_proc f where f.pronamespace = ${schema}::regnamespace
    union all
    select concat_ws(' ', 'type', t.typname, t.typtype, t.typowner::regrole, t.typacl,
        (select string_agg(e.enumlabel, ',' order by e.enumsortorder)
          from pg_enum e where e.enumtypid = t.oid))
      from pg_type t where t.typnamespace = ${schema}::regnamespace`
  return lines.map(({ line }) => line).toSorted()
}

const ofTheRoom = async (schema: string) =>
  (
    await sql<{ name: string }[]>`
      select relname as name
      from pg_class
      where relnamespace = ${schema}::regnamespace and relkind = 'r'
        and relname <> all(${kitTables})
      union all
      select proname from pg_proc where pronamespace = ${schema}::regnamespace
      union all
      select typname
      from pg_type
      where typnamespace = ${schema}::regnamespace and typtype in ('e', 'd')`
  ).map(({ name }) => name)

for (const service of databaseServices) {
  test(`the migrations of ${service} leave nothing when undone and the same when done again`, async () => {
    const folder = folderOf(service)
    const before = await catalogueOf(service)
    expect(await ofTheRoom(service)).not.toEqual([])

    await migrate({ sql, service, folder, to: 0 })
    expect(await ofTheRoom(service)).toEqual([])

    await migrate({ sql, service, folder })
    expect(await catalogueOf(service)).toEqual(before)
  })
}
