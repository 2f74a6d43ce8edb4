import { readFile, rm } from 'node:fs/promises'
import { connect, type Pool } from '#kit/postgres'
import { freePort } from '../../../stack/ports.ts'
import { type Postgres, startPostgres } from '../../../stack/postgres.ts'
import { until } from '../../../stack/testing/system.ts'
import type { Place } from '../place.ts'

export type Archive = { readonly folder: string; readonly recipient: string }

/** What an embedded server needs to archive as those of a cluster do. */
export const archiveSettings = (place: Place, archive: Archive, timeoutS: number) => [
  'archive_mode=on',
  `archive_timeout=${timeoutS}`,
  `archive_command='${place.path('low-level/archive-wal')} ${archive.folder} ${archive.recipient} %p %f'`,
]

/** An embedded PostgreSQL 18 with data of its own, whose WAL goes to the archive. */
export async function startArchived(place: Place, archive: Archive, timeoutS: number) {
  const settings = archiveSettings(place, archive, timeoutS)
  const port = await freePort()
  const postgres = await startPostgres({ dataDir: place.path('data'), port, settings })
  return { postgres, port, settings }
}

/** A pool of the administrator on one database. */
export function asAdmin({ adminUrl }: Postgres, database: string): Pool {
  const url = new URL(adminUrl)
  url.pathname = `/${database}`
  return connect({ url: url.href, service: 'plexus-drill', max: 2, statementTimeoutMs: 600_000 })
}

/** Ends the segment and waits until it is in the archive: before that nothing may be believed. */
export async function archived(sql: Pool) {
  const [row] = await sql<{ name: string }[]>`select pg_walfile_name(pg_switch_wal()) as name`
  await arrived(sql, row?.name ?? '')
}

/** Waits until the segment is in the archive. */
export const arrived = (sql: Pool, segment: string) =>
  until(async () => {
    const [row] = await sql<{ is: boolean }[]>`
      select coalesce(last_archived_wal >= ${segment}, false) as is from pg_stat_archiver`
    return row?.is ?? false
  }, 120_000)

/** As a machine that burns: the processes die without a word, and nothing of them is left. */
export async function destroy(dataDir: string) {
  const [pid = ''] = (await readFile(`${dataDir}/postmaster.pid`, 'utf8')).split('\n')
  process.kill(Number(pid), 'SIGKILL')
  for (const path of ['', '.password', '.log']) {
    await rm(`${dataDir}${path}`, { recursive: true, force: true })
  }
}
