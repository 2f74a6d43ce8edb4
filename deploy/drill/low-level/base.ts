import { existsSync } from 'node:fs'
import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from '#kit/postgres'
import type { Place } from '../place.ts'

/** One base backup; it is good when this lies beside its archive. */
export type Base = {
  readonly label: string
  readonly sha256: string
  readonly stoppedAt: string
  /** What PostgreSQL wants to find as `backup_label`. */
  readonly labelFile: string
}

export type BaseOptions = {
  readonly place: Place
  readonly adminUrl: string
  readonly dataDir: string
  /** Where bases and WAL are. */
  readonly archive: string
  readonly recipient: string
  readonly now: () => Date
}

export const baseFile = (archive: string, label: string) =>
  join(archive, 'base', `${label}.tar.zst.age`)

const factsFile = (archive: string, label: string) => join(archive, 'base', `${label}.json`)

/** The good ones, the oldest first. */
export async function basesIn(archive: string): Promise<Base[]> {
  const folder = join(archive, 'base')
  const names = existsSync(folder) ? await readdir(folder) : []
  const facts = names.filter((name) => name.endsWith('.json')).sort()
  return Promise.all(
    facts.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8'))),
  )
}

type Stopped = { readonly labelfile: string; readonly at: string }

/**
 * A base backup by PostgreSQL's low-level interface: the embedded server comes without
 * pg_basebackup. Returns when all WAL that it needs is in the archive.
 */
export async function takeBase(options: BaseOptions): Promise<Base> {
  const { place, adminUrl, dataDir, archive, recipient, now } = options
  const label = now().toISOString().replace(/[-:.]/g, '')
  await place.run(['mkdir', '-p', join(archive, 'base')])
  // Both calls belong to one session.
  const sql = connect({
    ...{ url: adminUrl, service: 'plexus-base-backup', max: 1, idleTimeoutS: 0 },
    statementTimeoutMs: 600_000,
  })
  try {
    await sql`select pg_backup_start(${label}, fast => true)`
    const packed = await place.run([
      ...[place.path('low-level/pack-base'), dataDir],
      ...[baseFile(archive, label), recipient],
    ])
    if (packed.code !== 0) throw new Error(`The files could not be packed: ${packed.err}`)
    const [stopped] = await sql<Stopped[]>`
      select labelfile, clock_timestamp()::text as at
      from pg_backup_stop(wait_for_archive => true)`
    if (!stopped) throw new Error('pg_backup_stop said nothing.')
    const base = {
      ...{ label, sha256: packed.out, stoppedAt: stopped.at },
      labelFile: stopped.labelfile,
    }
    const facts = factsFile(archive, label)
    await writeFile(`${facts}.part`, JSON.stringify(base))
    await rename(`${facts}.part`, facts)
    return base
  } finally {
    await sql.end({ timeout: 1 })
  }
}
