import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { freePort } from '../../stack/ports.ts'
import type { Outcome, Place } from './place.ts'

const archiveSettings = resolve(import.meta.dir, '../postgres/archive.conf')

export const cipherPass = 'only-of-this-drill'
const serverPassword = 'only-of-this-drill-too'

/** How a job of the cluster reaches the server: over the network, with its password. */
export const overNetwork = { PGHOST: '127.0.0.1', PGPASSWORD: serverPassword }

/** Debian's PostgreSQL with the archive of the image, in a place of its own. */
export type ArchivedServer = {
  readonly env: Readonly<Record<string, string>>
  readonly data: string
  start(): Promise<void>
  /** As a machine that loses its power. */
  crash(): Promise<void>
  psql(statement: string, database?: string): Promise<string>
  /** Runs one of the image's scripts. */
  script(name: string, args?: readonly string[], env?: Record<string, string>): Promise<Outcome>
  /** As `script`; throws with what it printed when it fails. */
  mustScript(name: string, args?: readonly string[], env?: Record<string, string>): Promise<Outcome>
  /** Waits until everything that is written has arrived in the repository. */
  archived(): Promise<void>
}

export function said({ code, out, err }: Outcome): string {
  return `${out}\n${err}`.trim() || `It ended with ${code} and said nothing.`
}

/** What differs from the image: only where things are, by the variables of pgBackRest. */
const environmentIn = (place: Place, port: number) => ({
  PGDATA: place.path('data'),
  PGHOST: place.path('run'),
  PGPORT: String(port),
  PGUSER: 'postgres',
  PGBACKREST_STANZA: 'plexus',
  PGBACKREST_CONFIG: place.path('pgbackrest.conf'),
  PGBACKREST_REPO1_CIPHER_PASS: cipherPass,
  PGBACKREST_REPO1_PATH: place.path('repo'),
  PGBACKREST_PG1_PATH: place.path('data'),
  PGBACKREST_PG1_PORT: String(port),
  PGBACKREST_LOCK_PATH: place.path('lock'),
  PGBACKREST_SPOOL_PATH: place.path('spool'),
})

/** The committed settings, with the timeout that is asked. */
async function settingsIn(place: Place, port: number, archiveTimeoutS: number) {
  const committed = await readFile(archiveSettings, 'utf8')
  return [
    committed.replace(/archive_timeout = \d+/, `archive_timeout = ${archiveTimeoutS}`),
    `port = ${port}`,
    "listen_addresses = '127.0.0.1'",
    `unix_socket_directories = '${place.path('run')}'`,
    'track_commit_timestamp = on',
    'shared_buffers = 96MB',
    "timezone = 'UTC'",
    '',
  ].join('\n')
}

export async function archivedServer(place: Place, archiveTimeoutS = 60): Promise<ArchivedServer> {
  for (const name of ['repo', 'run', 'lock', 'spool']) place.make(name)
  const port = await freePort()
  const env = environmentIn(place, port)
  const must = async (command: readonly string[], more: Record<string, string> = {}) => {
    const outcome = await place.run(command, { ...env, ...more })
    if (outcome.code !== 0) throw new Error(`${command.join(' ')}: ${said(outcome)}`)
    return outcome
  }
  await writeFile(place.path('password'), serverPassword)
  await must([
    ...['initdb', '--pgdata', env.PGDATA, '--username', 'postgres', '--auth-local', 'trust'],
    ...['--auth-host', 'scram-sha-256', '--pwfile', place.path('password')],
    ...['--data-checksums', '--encoding', 'UTF8', '--locale', 'C'],
  ])
  await appendFile(
    place.path('data/postgresql.conf'),
    await settingsIn(place, port, archiveTimeoutS),
  )
  const log = place.path('server.log')
  return {
    env,
    data: env.PGDATA,
    start: async () => {
      // The server inherits pipes and would keep them open: the shell gives it none.
      await must(['bash', '-c', `pg_ctl -D "$PGDATA" -w -t 120 -l ${log} start >/dev/null 2>&1`])
    },
    crash: async () => {
      await place.run(['pg_ctl', '-D', env.PGDATA, '-w', '-m', 'immediate', 'stop'], env)
      await rm(env.PGDATA, { recursive: true, force: true })
    },
    psql: async (statement, database = 'postgres') => {
      const args = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', database]
      return (await must(['psql', ...args, '-c', statement])).out
    },
    script: (name, args = [], more = {}) => place.run([name, ...args], { ...env, ...more }),
    mustScript: (name, args = [], more = {}) => must([name, ...args], more),
    archived: async () => {
      // Our own copy of the lesson: without the check the tail is lost.
      await must(['pgbackrest', 'check'])
    },
  }
}
