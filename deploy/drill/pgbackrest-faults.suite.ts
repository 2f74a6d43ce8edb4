import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { readdir, rename, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { recordFigure } from './figures.ts'
import { killAmid } from './kill.ts'
import { type ArchivedServer, archivedServer } from './pgbackrest-server.ts'
import { openPlace, type Place } from './place.ts'
import { missingPrograms, postgresPrograms } from './programs.ts'

setDefaultTimeout(300_000)

const programs = postgresPrograms()
const missing = programs ? missingPrograms(['pgbackrest']) : 'PostgreSQL not installed'
const drill = `faults of PostgreSQL ${programs?.major ?? ''} and pgBackRest`

/** Of this drill only; the settings that ship say 60, and a test of the gate holds them to it. */
const archiveTimeoutS = 3

const summary = `select count(*) || ' ' || sum(hashtextextended(t::text, 0)::numeric) from fact t`

type Label = { readonly label: string; readonly archive: { readonly start: string } }

describe.skipIf(missing !== null)(`${drill}${missing ? `: ${missing}` : ''}`, () => {
  let place: Place
  let server: ArchivedServer

  const backups = async (): Promise<Label[]> => {
    const info = await server.mustScript('pgbackrest', ['info', '--output=json'])
    return JSON.parse(info.out)[0].backup
  }
  const filesOf = async (folder: string) =>
    (await readdir(place.path(folder), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  /** Restores a copy into a folder of its own, beside the server that runs. */
  const restoreBeside = (args: readonly string[], env: Record<string, string> = {}) =>
    server.script('restore-database', ['--scratch', ...args], {
      ...{ PGDATA: place.path('beside'), ...env },
    })
  const forgetBeside = async () => {
    await place.run(['pg_ctl', '-D', place.path('beside'), '-m', 'immediate', '-w', 'stop'])
    await rm(place.path('beside'), { recursive: true, force: true })
  }

  beforeAll(async () => {
    place = await openPlace([programs?.folder ?? ''])
    server = await archivedServer(place, archiveTimeoutS)
    await server.start()
    await server.psql(
      'create table fact as select n as id, md5(n::text) as note from generate_series(1, 300000) n',
    )
    await server.mustScript('backup-database', ['full'])
  })

  afterAll(async () => {
    await server.crash()
    await place.remove()
  })

  test('a wrong cipher pass is named, and the right one still opens everything', async () => {
    const wrong = await restoreBeside(['--replace'], { PGBACKREST_REPO1_CIPHER_PASS: 'wrong' })
    expect(wrong.err).toContain('FAULT: The repository cannot be read with this cipher pass')
    expect(wrong.err).toContain('REMEDY: Compare PGBACKREST_REPO1_CIPHER_PASS')
    expect(wrong.code).toBe(74)
    const right = await restoreBeside(['--resume'])
    expect(right.code).toBe(0)
    await forgetBeside()
  })

  test('a folder with data is never overwritten, and moved aside only when that is said', async () => {
    const running = await server.script('restore-database', ['--replace'])
    expect(running.err).toContain('FAULT: A server runs on')
    const made = place.make('beside')
    await Bun.write(join(made, 'precious'), 'here')
    const refused = await restoreBeside([])
    expect(refused.code).toBe(73)
    expect(refused.err).toContain('REMEDY: Add --replace to move it aside')
    const replaced = await restoreBeside(['--replace'])
    expect(replaced.code).toBe(0)
    const aside = (await readdir(place.folder)).filter((name) => name.startsWith('beside.before-'))
    expect(await Bun.file(place.path(aside[0] ?? '', 'precious')).text()).toBe('here')
    await forgetBeside()
  })

  test.each([
    ['2001-01-01 00:00:00+00', 76, 'FAULT: There is no backup from which this moment'],
    ['2030-01-01 00:00:00+00', 78, 'FAULT: WAL ends before 2030'],
    ['yesterday', 64, "FAULT: 'yesterday' is no moment."],
  ])('a moment that cannot be reached is refused by name: %s', async (moment, code, words) => {
    const refused = await restoreBeside(['--to', moment])
    expect(refused.err).toContain(words)
    expect(refused.code).toBe(code)
    await forgetBeside()
  })

  test('a backup that is killed leaves the one before it usable, and the next one succeeds', async () => {
    const recorded = await server.psql(summary)
    const before = await backups()
    await killAmid(place.start(['backup-database', 'full'], server.env), 'pgbackrest.*backup')
    expect(await backups()).toEqual(before)
    const restored = await restoreBeside([])
    expect(restored.code).toBe(0)
    const args = ['-X', '-A', '-t', '-h', restored.out, '-U', 'postgres', '-c', summary]
    expect((await place.run(['psql', ...args], server.env)).out).toBe(recorded)
    await forgetBeside()
    await server.mustScript('backup-database', ['full'])
    expect(await backups()).toHaveLength(before.length + 1)
  })

  test('a restore that is killed is taken up again with --resume', async () => {
    const env = { ...server.env, PGDATA: place.path('beside') }
    await killAmid(place.start(['restore-database', '--scratch'], env), 'pgbackrest.*restore')
    const stopped = await restoreBeside([])
    expect(stopped.code).toBe(73)
    const resumed = await restoreBeside(['--resume'])
    expect(resumed.err).not.toContain('FAULT')
    await forgetBeside()
  })

  test('a damaged backup is named, and the one before it carries to the same moment', async () => {
    const [first, last] = (await backups()).slice(-2)
    await server.psql("insert into fact values (-5, 'after both backups')")
    await server.archived()
    const largest = (await filesOf(`repo/backup/plexus/${last?.label}`)).sort(bySize)[0] ?? ''
    await truncate(largest, 4096)
    const damaged = await restoreBeside([])
    expect(damaged.err).toMatch(/FAULT: (A file of the backup|The repository cannot be read)/)
    expect(damaged.err).toMatch(/REMEDY: .*earlier backup with --set/s)
    await forgetBeside()
    const earlier = await restoreBeside(['--set', first?.label ?? ''])
    expect(earlier.code).toBe(0)
    await forgetBeside()
  })

  test('a new, empty server cannot write into the repository of the one that was lost', async () => {
    const before = await backups()
    const strange = await openPlace([programs?.folder ?? ''])
    const empty = await archivedServer(strange)
    await empty.start()
    const refused = await empty.script('backup-database', ['full'], {
      PGBACKREST_REPO1_PATH: place.path('repo'),
    })
    await empty.crash()
    await strange.remove()
    expect(refused.code).toBe(70)
    expect(refused.err).toContain('FAULT: The repository was not made or belongs to another server')
    expect(await backups()).toEqual(before)
  })

  test('what was written reaches the repository by the archive timeout, though no segment is full', async () => {
    const delays: number[] = []
    for (const id of [-11, -12, -13]) {
      await server.psql(`insert into fact values (${id}, 'a lone change')`)
      const segment = await server.psql('select pg_walfile_name(pg_current_wal_lsn())')
      const began = performance.now()
      while ((await server.psql(archivedIs(segment))) !== 't') {
        if (performance.now() - began > 60_000) throw new Error(`${segment} was not archived.`)
        await Bun.sleep(50)
      }
      delays.push((performance.now() - began) / 1000)
    }
    const worst = Math.max(...delays)
    recordFigure({
      ...{ drill, name: `change -> repository, archive_timeout ${archiveTimeoutS} s, worst of 3` },
      ...{ value: Math.round(worst * 10) / 10, unit: 's', limit: archiveTimeoutS + 5 },
    })
    expect(worst).toBeLessThan(archiveTimeoutS + 5)

    const recorded = await server.psql(summary)
    await server.crash()
    await server.mustScript('restore-database', ['--set', (await backups())[0]?.label ?? ''])
    await server.start()
    expect(await server.psql(summary)).toBe(recorded)
  })

  test('a missing WAL segment is named, and everything before it can be had', async () => {
    await server.mustScript('backup-database', ['full'])
    // A backup has ended before a moment when it did so in an earlier second.
    await server.psql('select pg_sleep(1.1)')
    const before = await server.psql('select clock_timestamp()')
    const segments: string[] = []
    for (const id of [-21, -22, -23]) {
      await server.psql(`insert into fact values (${id}, 'in a segment of its own')`)
      segments.push(await server.psql('select pg_walfile_name(pg_current_wal_lsn())'))
      await server.archived()
    }
    const moment = await server.psql('select clock_timestamp()')
    await server.psql("insert into fact values (-24, 'later')")
    await server.archived()
    const [segment = ''] = (await filesOf('repo/archive')).filter((file) =>
      file.includes(segments[1] ?? 'none'),
    )
    await rename(segment, place.path('lost-segment'))
    const broken = await restoreBeside(['--to', moment])
    expect(broken.err).toContain('a segment is missing')
    expect(broken.code).toBe(78)
    await forgetBeside()
    const earlier = await restoreBeside(['--to', before])
    expect(earlier.code).toBe(0)
    await forgetBeside()
    await rename(place.path('lost-segment'), segment)
    expect((await restoreBeside(['--to', moment])).code).toBe(0)
    await forgetBeside()
  })

  test.skipIf(!Bun.which('faketime'))(
    'thirty days pass: the repository lets go of what is older, never of the last good one',
    async () => {
      const all = (await backups()).map(({ label }) => label)
      const inDays = async (days: number) => {
        await server.mustScript('faketime', [`+${days} days`, 'pgbackrest', 'expire'])
        return (await backups()).map(({ label }) => label)
      }
      expect(all.length).toBeGreaterThan(2)
      expect(await inDays(29)).toEqual(all)
      expect(await inDays(31)).toEqual(all.slice(-1))
      expect(await inDays(3650)).toEqual(all.slice(-1))
      expect((await restoreBeside([])).code).toBe(0)
      await forgetBeside()
    },
  )
})

const bySize = (a: string, b: string) => Bun.file(b).size - Bun.file(a).size

const archivedIs = (segment: string) => `
  select coalesce(last_archived_wal >= '${segment}', false) from pg_stat_archiver`
