import { existsSync } from 'node:fs'
import { appendFile, chmod, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from '#kit/postgres'
import { type Postgres, startPostgres } from '../../../stack/postgres.ts'
import type { Place } from '../place.ts'
import { type Base, baseFile, basesIn } from './base.ts'

/** What is wrong, and what to do about it. */
export class RestoreFault extends Error {
  override readonly name = 'RestoreFault'
  readonly remedy: string
  constructor(fault: string, remedy: string, options?: ErrorOptions) {
    super(fault, options)
    this.remedy = remedy
  }
}

export type RestoreOptions = {
  readonly place: Place
  readonly archive: string
  readonly identityFile: string
  readonly dataDir: string
  /** A moment as PostgreSQL writes it. */
  readonly to: string
}

/** The newest base that had ended at the moment. */
function baseFor(bases: readonly Base[], to: string): Base {
  const base = bases.findLast(({ stoppedAt }) => Date.parse(stoppedAt) <= Date.parse(to))
  if (base) return base
  throw new RestoreFault(
    `No base backup had ended at ${to}.`,
    `Choose a moment after ${bases[0]?.stoppedAt ?? 'the first base backup'}.`,
  )
}

async function checkWhole({ place, archive }: RestoreOptions, base: Base) {
  const file = baseFile(archive, base.label)
  const { out } = await place.run(['sha256sum', file])
  if (out.startsWith(base.sha256)) return
  throw new RestoreFault(
    `${file} is cut short or damaged.`,
    'Remove it from the archive: the base before it carries to the same moment.',
  )
}

/** Unpacked aside and renamed: a restore that was killed leaves nothing that looks like data. */
async function unpack(options: RestoreOptions, base: Base) {
  const { place, archive, identityFile, dataDir } = options
  const fresh = `${dataDir}.restoring`
  await rm(fresh, { recursive: true, force: true })
  place.make(fresh.slice(place.folder.length + 1))
  const unpacked = await place.run([
    ...[place.path('low-level/unpack-base'), baseFile(archive, base.label)],
    ...[identityFile, fresh],
  ])
  if (unpacked.code !== 0) {
    throw new RestoreFault(
      `The base backup ${base.label} cannot be opened with this key: ${unpacked.err}`,
      'Fetch the key of its date from the safe. Nothing was changed.',
    )
  }
  await chmod(fresh, 0o700)
  await prepareRecovery(options, { fresh, labelFile: base.labelFile })
  await rename(fresh, dataDir)
}

async function prepareRecovery(
  { place, archive, identityFile, to }: RestoreOptions,
  { fresh, labelFile }: { fresh: string; labelFile: string },
) {
  place.write(join(fresh, 'backup_label'), labelFile)
  const fetch = `${place.path('low-level/fetch-wal')} ${archive} ${identityFile} %f %p`
  await appendFile(
    join(fresh, 'postgresql.auto.conf'),
    [
      `restore_command = '${fetch}'`,
      `recovery_target_time = '${to}'`,
      `recovery_target_action = 'promote'`,
      '',
    ].join('\n'),
  )
  place.write(join(fresh, 'recovery.signal'), '')
}

const causes: readonly (readonly [RegExp, string, string])[] = [
  [
    /fetch-wal: FAULT: (.*)/,
    'A WAL segment cannot be opened: it is damaged, or written for another key.',
    'Fetch the key of its date from the safe, or choose a moment before that segment.',
  ],
  [
    /recovery ended before configured recovery target was reached/,
    'WAL ends before the moment: a segment is missing, or nothing was written after it.',
    'The log names how far it came: choose a moment up to there.',
  ],
]

async function faultOf({ dataDir }: RestoreOptions, error: unknown): Promise<unknown> {
  const file = `${dataDir}.log`
  const log = existsSync(file) ? await readFile(file, 'utf8') : ''
  const cause = causes.find(([pattern]) => pattern.test(log))
  return cause ? new RestoreFault(cause[1], cause[2], { cause: error }) : error
}

async function promoted(adminUrl: string) {
  const sql = connect({ url: adminUrl, service: 'plexus-restore', max: 1 })
  const deadline = Date.now() + 120_000
  try {
    for (;;) {
      const [row] = await sql<{ is: boolean }[]>`select pg_is_in_recovery() as is`
      if (row && !row.is) return
      if (Date.now() > deadline) throw new Error('WAL was not replayed in time.')
      await Bun.sleep(50)
    }
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** From nothing to a server as it was at the moment. Throws RestoreFault; the archive stays as it is. */
export async function restoreTo(
  options: RestoreOptions,
  server: { readonly port: number; readonly settings: readonly string[] },
): Promise<Postgres> {
  const { archive, dataDir, to } = options
  if (existsSync(dataDir)) {
    throw new RestoreFault(`${dataDir} has data.`, 'Move it aside: a restore overwrites nothing.')
  }
  const base = baseFor(await basesIn(archive), to)
  await checkWhole(options, base)
  await unpack(options, base)
  try {
    const postgres = await startPostgres({ dataDir, ...server })
    await promoted(postgres.adminUrl)
    return postgres
  } catch (error) {
    throw await faultOf(options, error)
  }
}
