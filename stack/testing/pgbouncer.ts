import { existsSync } from 'node:fs'
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databaseServices } from '#schema/subgraphs'
import { freePort } from '../ports.ts'
import type { DatabaseService } from '../prepare-database.ts'
import { testPasswordOf } from './database.ts'
import { testServer } from './server.ts'
import { until } from './system.ts'

/** Debian keeps it where only root's PATH leads. */
const programPath: string | null =
  Bun.which('pgbouncer') ?? (existsSync('/usr/sbin/pgbouncer') ? '/usr/sbin/pgbouncer' : null)

/** Why tests with PgBouncer cannot run, or null when they can. Where `CI=true`, a missing one is a failure. */
export function pgbouncerMissing(ci: boolean): string | null {
  if (programPath) return null
  if (ci) throw new Error('CI=true needs PgBouncer: install the package pgbouncer.')
  return 'no PgBouncer on this machine'
}

export type PgBouncer = {
  /** The same URL, by way of PgBouncer. */
  through(url: string): string
  /** Lets everybody wait until `resume`. */
  pause(): void
  resume(): void
  stop(): Promise<void>
}

/** Resolves when something listens there; throws after ten seconds. */
async function answering(port: number) {
  await until(async () => {
    const socket = await Bun.connect({
      hostname: '127.0.0.1',
      port,
      socket: { data: () => {} },
    }).catch(() => null)
    socket?.end()
    return socket !== null
  })
}

/** PgBouncer refuses to run as root, as PostgreSQL does. */
async function unprivileged(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  const [, , uid, gid] = lines.find(([name]) => name === 'nobody') ?? []
  return { uid: Number(uid), gid: Number(gid) }
}

type Settings = Required<Options> & { readonly port: string; readonly users: string }

const settingsOf = ({ port, serverPort, users, poolSize, waitSeconds }: Settings) => `
[databases]
* = host=127.0.0.1 port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 300
query_wait_timeout = ${waitSeconds}
`

type Options = {
  /** Connections to the server, for each service and database. */
  readonly poolSize?: number
  /** Of another server than that of the tests. */
  readonly serverPort?: string
  /** How long PgBouncer lets a query wait for a connection. */
  readonly waitSeconds?: number
}

/** PgBouncer in transaction mode before the tests' PostgreSQL. */
export async function startPgBouncer(options: Options = {}): Promise<PgBouncer> {
  if (!programPath) throw new Error('There is no PgBouncer on this machine.')
  const { poolSize = 4, waitSeconds = 120 } = options
  const serverPort = options.serverPort ?? new URL((await testServer()).adminUrl).port
  const port = String(await freePort())
  const folder = await mkdtemp(join(tmpdir(), 'plexus-pgbouncer-'))
  const [users, config] = [join(folder, 'users.txt'), join(folder, 'pgbouncer.ini')]
  const line = (service: DatabaseService) => `"svc_${service}" "${testPasswordOf(service)}"\n`
  await writeFile(users, databaseServices.map(line).join(''), { mode: 0o600 })
  await writeFile(config, settingsOf({ port, serverPort, users, poolSize, waitSeconds }))
  const user = await unprivileged()
  if (user) for (const path of [folder, users, config]) await chown(path, user.uid, user.gid)
  const child = Bun.spawn([programPath, '-q', config], {
    ...{ cwd: '/', env: {}, stdio: ['ignore', 'ignore', 'ignore'] },
    ...user,
  })
  await answering(Number(port))
  return {
    through: (url) => {
      const own = new URL(url)
      own.port = port
      return own.href
    },
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    stop: async () => {
      child.kill()
      await child.exited
      await rm(folder, { recursive: true })
    },
  }
}
