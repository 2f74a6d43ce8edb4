import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pool, Sql, Transaction } from './postgres.ts'

export type MigrateOptions = {
  /** An administrator who is a member of `own_<service>`. */
  readonly sql: Pool
  readonly service: string
  /** Holds `0001_name.sql` and `0001_name.down.sql`; one that does not exist counts as empty. */
  readonly folder: string
  /** The number to end at, up or down; 0 undoes everything. */
  readonly to?: number | 'latest'
}

type Migration = { readonly number: number; readonly name: string; readonly checksum: string }
type File = Migration & { readonly up: string; readonly down: string | null }
type Step = { readonly file: File; readonly direction: 'up' | 'down' }

/**
 * Brings a service's schema to a version, each migration in a transaction of its own as
 * `own_<service>`, which sees every row that the system may see, and returns the names it ran. Two processes may start at once: the second waits.
 * Throws before it changes anything when a file that was applied has been edited, is gone, or when
 * files skip a number.
 */
export async function migrate({ sql, service, folder, to = 'latest' }: MigrateOptions) {
  const files = await filesIn(folder)
  const target = to === 'latest' ? files.length : to
  if (target > files.length) throw new Error(`${folder} has no migration ${target}.`)
  const ran: string[] = []
  for (;;) {
    const step = await sql.begin((tx) => advance(tx, { service, folder, files, target }))
    if (!step) return ran
    ran.push(step.file.name)
  }
}

type Run = {
  readonly service: string
  readonly folder: string
  readonly files: readonly File[]
  readonly target: number
}

/**
 * One step under the lock, or null at the target. What is applied is read anew: another process may
 * have stepped.
 */
async function advance(tx: Transaction, run: Run): Promise<Step | null> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`migrate ${run.service}`}, 0))`
  await tx.unsafe(`
    set local role own_${run.service};
    set local search_path = ${run.service}, app, public;
    set local app.scopes = 'system';
    set local lock_timeout = '10s'`)
  const applied = await appliedMigrations(tx)
  refuseChanged(run, applied)
  const step = nextStep(run, applied.length)
  if (step) await take(tx, step, run.folder)
  return step
}

const appliedMigrations = (sql: Sql) => sql<Migration[]>`
  select number, name, checksum
  from migration
  order by number`

function nextStep({ files, target, folder }: Run, current: number): Step | null {
  if (current === target) return null
  const direction = current < target ? 'up' : 'down'
  const file = files[direction === 'up' ? current : current - 1]
  if (!file) throw new Error(`${folder} has no migration ${current}.`)
  return { file, direction }
}

async function take(tx: Transaction, { file, direction }: Step, folder: string) {
  const text = direction === 'up' ? file.up : file.down
  if (text === null) throw new Error(`${folder}/${file.name}.down.sql is missing.`)
  try {
    await tx.unsafe(text)
  } catch (error) {
    const suffix = direction === 'up' ? '.sql' : '.down.sql'
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`${folder}/${file.name}${suffix} failed: ${reason}`, { cause: error })
  }
  await (direction === 'up'
    ? tx`insert into migration ${tx(file, 'number', 'name', 'checksum')}`
    : tx`delete from migration where number = ${file.number}`)
}

function refuseChanged({ files, folder }: Run, applied: readonly Migration[]) {
  for (const [index, migration] of applied.entries()) {
    const file = files[index]
    const path = `${folder}/${migration.name}.sql`
    if (file?.name !== migration.name) {
      throw new Error(`${path} was applied to this database but is gone: restore the file.`)
    }
    if (file.checksum !== migration.checksum) {
      throw new Error(
        `${path} was changed after it was applied: restore it and put the change in a new migration.`,
      )
    }
  }
}

async function filesIn(folder: string): Promise<File[]> {
  const names = (await readdir(folder).catch(() => []))
    .filter((name) => name.endsWith('.sql') && !name.endsWith('.down.sql'))
    .map((name) => name.slice(0, -'.sql'.length))
    .sort()
  return Promise.all(names.map((name, index) => fileOf({ folder, name, number: index + 1 })))
}

type FileName = { readonly folder: string; readonly name: string; readonly number: number }

async function fileOf({ folder, name, number }: FileName): Promise<File> {
  const prefix = `${String(number).padStart(4, '0')}_`
  if (!name.startsWith(prefix)) {
    throw new Error(`${folder}/${name}.sql must start with ${prefix}: numbers have no gaps.`)
  }
  const up = await readFile(join(folder, `${name}.sql`), 'utf8')
  const down = await readFile(join(folder, `${name}.down.sql`), 'utf8').catch(() => null)
  return { number, name, up, down, checksum: createHash('sha256').update(up).digest('hex') }
}
