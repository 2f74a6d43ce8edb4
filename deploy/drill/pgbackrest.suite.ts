import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { readdir } from 'node:fs/promises'
import { recordFigure } from './figures.ts'
import { ageKey } from './keys.ts'
import { type ArchivedServer, archivedServer, overNetwork } from './pgbackrest-server.ts'
import { openPlace, type Place } from './place.ts'
import { missingPrograms, postgresPrograms } from './programs.ts'

setDefaultTimeout(300_000)

const programs = postgresPrograms()
const missing = programs ? missingPrograms(['pgbackrest', 'age']) : 'PostgreSQL not installed'
const drill = `PostgreSQL ${programs?.major ?? ''} and pgBackRest`
const rows = 1_000_000

/** A set like ours in shape; the product's own schema needs PostgreSQL 18. */
const fill = `
  create table booking (
    id bigint primary key, coach_id int not null, starts_at timestamptz not null, note text);
  create index on booking (coach_id, starts_at);
  insert into booking
    select n, n % 500, timestamptz '2026-01-01' + n * interval '1 minute', md5(n::text)
    from generate_series(1, ${rows}) n`

/** How many rows, and a sum over all that is in them. */
const summary = `
  select count(*) || ' ' || sum(hashtextextended(t::text, 0)::numeric) from booking t`

describe.skipIf(missing !== null)(`${drill}${missing ? `: ${missing}` : ''}`, () => {
  let place: Place
  let server: ArchivedServer

  beforeAll(async () => {
    place = await openPlace([programs?.folder ?? ''])
    server = await archivedServer(place)
    await server.start()
    await server.psql('create database plexus')
    await server.psql('create database keycloak')
    await server.psql("create table realm as select 'plexus' as name", 'keycloak')
    await server.psql(fill, 'plexus')
  })

  afterAll(async () => {
    await server.crash()
    await place.remove()
  })

  const measured = (name: string, ms: number, limit?: number) =>
    recordFigure({
      ...{ drill, name, value: Math.round(ms / 100) / 10, unit: 's' },
      ...(limit && { limit }),
    })

  test('a job takes a full backup of a million rows over the network while the server serves', async () => {
    const backup = await server.mustScript('backup-database', ['full'], overNetwork)
    measured('full backup of 1 M rows', backup.ms)
  })

  test('nothing of what is backed up can be read in the repository', async () => {
    const found = await place.run([
      'grep',
      '-rqaE',
      'plexus|booking|PG_VERSION',
      place.path('repo'),
    ])
    const files = await readdir(place.path('repo'), { recursive: true })
    expect(files.length).toBeGreaterThan(5)
    expect(found.code).toBe(1)
  })

  test('a million rows come back as they were at a moment in the middle, within 30 s', async () => {
    await server.psql("insert into booking values (0, 0, now(), 'after the backup')", 'plexus')
    const recorded = await server.psql(summary, 'plexus')
    const moment = await server.psql('select clock_timestamp()')
    await server.psql('drop table booking', 'plexus')
    await server.archived()

    await server.crash()
    const began = performance.now()
    await server.mustScript('restore-database', ['--to', moment])
    await server.start()
    const restored = await server.psql(summary, 'plexus')
    const ms = performance.now() - began
    measured('destroyed -> serving, 1 M rows at a moment', ms, 30)
    expect(restored).toBe(recorded)
    expect(Number(restored.split(' ')[0])).toBe(rows + 1)
    expect(await server.psql('select name from realm', 'keycloak')).toBe('plexus')
    expect(ms).toBeLessThan(30_000)
  })

  test('the restored server archives on, so that it can be lost again', async () => {
    await server.psql("insert into booking values (-1, 0, now(), 'second life')", 'plexus')
    await server.mustScript('backup-database', ['diff'], overNetwork)
    await server.psql("insert into booking values (-2, 0, now(), 'after its backup')", 'plexus')
    const recorded = await server.psql(summary, 'plexus')
    await server.archived()
    await server.crash()
    await server.mustScript('restore-database')
    await server.start()
    expect(await server.psql(summary, 'plexus')).toBe(recorded)
  })

  test('the weekly drill reads every row of a copy, and leaves neither copy nor archive behind', async () => {
    const before = await server.mustScript('pgbackrest', ['info', '--output=json'])
    const weekly = await server.mustScript('drill-database', [], {
      DRILL_FOLDER: place.make('scratch'),
    })
    const result = JSON.parse(weekly.out)
    const after = await server.mustScript('pgbackrest', ['info', '--output=json'])
    measured('weekly drill', weekly.ms)
    expect(result).toMatchObject({ ok: true, rows: rows + 4, tables: 2 })
    expect(await readdir(place.path('scratch'))).toEqual([])
    expect(after.out).toBe(before.out)
  })

  test('a dump on the NAS becomes a new database with the same rows, and touches no other', async () => {
    const key = await ageKey(place)
    const store = {
      BACKUP_FOLDER: place.make('nas'),
      BACKUP_RECIPIENT: key.recipient,
      BACKUP_IDENTITY_FILE: key.identityFile,
    }
    const dumped = await server.mustScript('dump-database', [], { ...store, ...overNetwork })
    measured('daily dump', dumped.ms)
    const files = (await readdir(place.path('nas'))).filter((name) => name.endsWith('.age'))
    const kinds = files.map((name) => name.replace(/-\d{8}T\d{6}Z/, '')).sort()
    expect(kinds).toEqual([
      'keycloak.dump.age',
      'plexus.dump.age',
      'postgres.dump.age',
      'roles.sql.age',
    ])

    const file = files.find((name) => name.startsWith('plexus-')) ?? ''
    const args = [place.path('nas', file), 'plexus_again']
    const restored = await server.mustScript('restore-dump', args, store)
    measured('dump -> new database', restored.ms)
    const recorded = await server.psql(summary, 'plexus')
    expect(await server.psql(summary, 'plexus_again')).toBe(recorded)
    const again = await server.script('restore-dump', args, store)
    expect(again.err).toContain('REMEDY: Choose another name')
  })
})
