import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { prepareServer, type Server } from './postgres-files.ts'

export type PostgresOptions = {
  readonly dataDir: string
  readonly port: number
  /** Named in the sentence about a taken port. */
  readonly portSetting?: string
  /** False trades safety for speed: what the server acknowledged may be lost when the machine stops. Tests only. */
  readonly durable?: boolean
  /** Further settings, `name=value`; they win. */
  readonly settings?: readonly string[]
}

export type Postgres = {
  /** URL of the superuser on database `postgres`; its password lives beside the data, readable by the owner only. */
  readonly adminUrl: string
  /** True when a server was already serving this data, for example after the starter was killed. */
  readonly adopted: boolean
  stop(): Promise<void>
}

/** Settings of every embedded server. The relay numbers events by commit time, so that must be recorded. */
const settingsOf = ({ port, durable = true, settings = [] }: PostgresOptions) => [
  `port=${port}`,
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=300',
  'shared_buffers=128MB',
  'track_commit_timestamp=on',
  'timezone=UTC',
  'log_timezone=UTC',
  ...(durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ...settings,
]

/**
 * Starts PostgreSQL on `dataDir`, creating it on first use. The server leaves our process group, so Ctrl-C reaches
 * it only through `stop`, after the services have drained.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const server = await prepareServer(options.dataDir)
  const password = await passwordOf(server)
  if (!existsSync(`${server.dataDir}/PG_VERSION`)) await initialise(server, password)
  const adopted = await adoptable(server, options.port)
  if (!adopted) await launch(server, options)
  return {
    adminUrl: `postgres://postgres:${password}@127.0.0.1:${options.port}/postgres`,
    adopted,
    stop: () => halt(server),
  }
}

async function passwordOf({ dataDir }: Server): Promise<string> {
  const file = `${dataDir}.password`
  if (!existsSync(file)) {
    await writeFile(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' })
  }
  return (await readFile(file, 'utf8')).trim()
}

/** Built aside and renamed: an interrupted first start leaves nothing half made. */
async function initialise(server: Server, password: string) {
  const fresh = `${server.dataDir}.new`
  const passwordFile = `${fresh}.password`
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { mode: 0o700 })
  await writeFile(passwordFile, password, { mode: 0o600 })
  await Promise.all([server.own(fresh), server.own(passwordFile)])
  try {
    await server.run('initdb', [
      ...['--pgdata', fresh, '--username', 'postgres', '--pwfile', passwordFile],
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--no-instructions'],
      // The built-in locale sorts alike on every machine and needs nothing installed.
      ...['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    ])
    await rename(fresh, server.dataDir)
  } finally {
    await rm(passwordFile, { force: true })
  }
}

/** A server that outlived its starter serves on when it has our port; any other on this data is stopped first. */
async function adoptable(server: Server, port: number): Promise<boolean> {
  const pidFile = `${server.dataDir}/postmaster.pid`
  if (!existsSync(pidFile)) return false
  // Lines of postmaster.pid: 1 process id, 4 port, 8 state. Source: PostgreSQL, src/include/utils/pidfile.h.
  const lines = (await readFile(pidFile, 'utf8')).split('\n').map((line) => line.trim())
  const pid = Number(lines[0])
  if (!(await isPostgres(pid))) {
    await rm(pidFile, { force: true })
    return false
  }
  if (Number(lines[3]) === port && lines[7] === 'ready') return true
  await halt(server)
  return false
}

/** After a restart of the machine the recorded process id may belong to any other program. */
async function isPostgres(pid: number): Promise<boolean> {
  const named = Bun.spawn(['ps', '-o', 'command=', '-p', String(pid)], { stderr: 'ignore' })
  const command = existsSync('/proc/self/cmdline')
    ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    : await new Response(named.stdout).text()
  return command.includes('postgres')
}

async function launch(server: Server, options: PostgresOptions) {
  const { port, portSetting } = options
  const taken = `Port ${port} is taken by another program; set ${portSetting ?? 'POSTGRES_PORT'} to a free one.`
  if (!(await isFree(port))) throw new Error(taken)
  const logFile = `${dirname(server.dataDir)}/postgres.log`
  await writeFile(logFile, '')
  await server.own(logFile)
  const flags = settingsOf(options).map((setting) => `-c ${setting}`)
  try {
    await server.run('pg_ctl', [
      ...['start', '--wait', '--timeout', '60', '--silent'],
      ...['--pgdata', server.dataDir, '--log', logFile, '--options', flags.join(' ')],
    ])
  } catch (error) {
    const log = await readFile(logFile, 'utf8')
    if (log.includes('Address already in use')) throw new Error(taken)
    throw new Error(`PostgreSQL did not start. Its log ${logFile} says:\n${log}`, { cause: error })
  }
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      probe.close(() => resolve(true))
    })
  })

/** A port that no program listens on at this moment. */
export const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => resolve(port))
    })
  })

async function halt(server: Server) {
  if (!existsSync(`${server.dataDir}/postmaster.pid`)) return
  await server.run('pg_ctl', [
    ...['stop', '--wait', '--timeout', '60', '--silent'],
    ...['--mode', 'fast', '--pgdata', server.dataDir],
  ])
}
