import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { recordFigure } from './figures.ts'
import { type ArchivedServer, archivedServer, said } from './pgbackrest-server.ts'
import { openPlace, type Place } from './place.ts'
import { missingPrograms, postgresPrograms } from './programs.ts'

setDefaultTimeout(300_000)

const programs = postgresPrograms()
const missing = programs ? missingPrograms(['pgbackrest']) : 'PostgreSQL not installed'
const drill = `PostgreSQL ${programs?.major ?? ''} and pgBackRest`
const rows = 1_000_000

/** A set like ours in shape; the product's own schema needs PostgreSQL 18. */
const fill = `
  create table booking (id bigint primary key, coach_id int not null, starts_at timestamptz not null, note text);
  create index on booking (coach_id, starts_at);
  insert into booking
    select n, n % 500, timestamptz '2026-01-01' + n * interval '1 minute', md5(n::text)
    from generate_series(1, ${rows}) n`

const summary = `select count(*) || ' ' || sum(hashtextextended(t::text, 0)::numeric) from booking t`

describe.skipIf(missing !== null)(`${drill}${missing ? `: ${missing}` : ''}`, () => {
  let place: Place
  let server: ArchivedServer
  let moment = ''
  let recorded = ''

  beforeAll(async () => {
    place = await openPlace([programs?.folder ?? ''])
    server = await archivedServer(place)
    await server.start()
    await server.psql('create database keycloak')
    await server.psql("create table realm as select 'plexus' as name", 'keycloak')
    await server.psql(fill)
  })

  afterAll(async () => {
    await server.crash()
    await place.remove()
  })

  const measured = (name: string, ms: number, limitS?: number) =>
    recordFigure({
      ...{ drill, name, value: Math.round(ms / 100) / 10, unit: 's' },
      ...(limitS && { limit: limitS }),
    })

  test('a full backup of a million rows is taken while the server serves', async () => {
    const backup = await server.mustScript('backup-database', ['full'])
    measured('full backup', backup.ms)
  })

  test('a million rows come back as they were at a moment in the middle, within 30 s', async () => {
    await server.psql("insert into booking values (0, 0, now(), 'after the backup')")
    recorded = await server.psql(summary)
    moment = await server.psql('select clock_timestamp()')
    await server.psql('drop table booking')
    await server.psql('select pg_switch_wal()')
    const check = await server.script('pgbackrest', ['check'])
    expect(said(check)).toContain('completed successfully')

    await server.crash()
    const began = performance.now()
    await server.mustScript('restore-database', ['--to', moment])
    await server.start()
    const restored = await server.psql(summary)
    const ms = performance.now() - began
    measured('destroyed -> serving, 1 M rows at a moment', ms, 30)
    expect(restored).toBe(recorded)
    expect(Number(restored.split(' ')[0])).toBe(rows + 1)
    expect(await server.psql('select name from realm', 'keycloak')).toBe('plexus')
    expect(ms).toBeLessThan(30_000)
  })
})
