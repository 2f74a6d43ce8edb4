import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { connect } from '#kit/postgres'
import { prepareServer, type Server } from './postgres-files.ts'

export type PostgresOptions = {
  readonly dataDir: string
  readonly port: number
  /** Named in the sentence about a taken port. */
  readonly portSetting?: string
  /** For tests: false trades safety for speed, and a machine that stops loses data. */
  readonly durable?: boolean
  /** Further settings, `name=value`; they win. */
  readonly settings?: readonly string[]
}

export type Postgres = {
  /** URL of the superuser; its password lies beside the data, readable by the owner only. */
  readonly adminUrl: string
  /** True when a server was already serving this data, for example after the starter was killed. */
  readonly adopted: boolean
  stop(): Promise<void>
}

/** Of every embedded server. The relay orders events by commit time: that must be recorded. */
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
 * Starts PostgreSQL on `dataDir`, creating it on first use. The server leaves our process group, so
 * Ctrl-C reaches it only through `stop`, after the services have drained.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const server = await prepareServer(options.dataDir)
  const password = await passwordOf(server)
  if (!existsSync(`${server.dataDir}/PG_VERSION`))
    await initialise(server, password, options.durable ?? true)
  const adminUrl = `postgres://postgres:${password}@127.0.0.1:${options.port}/postgres`
  const adopted = await adoptable(server, adminUrl)
  if (!adopted) await launch(server, options)
  return {
    adminUrl,
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
async function initialise(server: Server, password: string, durable: boolean) {
  const fresh = `${server.dataDir}.new`
  const passwordFile = `${fresh}.password`
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { mode: 0o700 })
  await writeFile(passwordFile, password, { mode: 0o600 })
  await Promise.all([server.own(fresh), server.own(passwordFile)])
  try {
    await server.run('initdb', [
      ...['--pgdata', fresh, '--username', 'postgres', '--pwfile', passwordFile],
      ...(durable ? [] : ['--no-sync']),
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--no-instructions'],
      // The built-in locale sorts alike on every machine and needs nothing installed.
      ...['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    ])
    await rename(fresh, server.dataDir)
  } finally {
    await rm(passwordFile, { force: true })
  }
}

/**
 * A server that outlived its starter serves on when it has our port; any other on this data is
 * stopped first.
 */
async function adoptable(server: Server, adminUrl: string): Promise<boolean> {
  const pidFile = `${server.dataDir}/postmaster.pid`
  if (!existsSync(pidFile)) return false
  const pid = Number.parseInt(await readFile(pidFile, 'utf8'), 10)
  const command = await commandOf(pid)
  // A crashed server's file stays: PostgreSQL makes sure that none of its processes is left.
  if (!command) return false
  if (!command.includes(server.dataDir)) {
    // After a restart of the machine the number belongs to another program.
    await rm(pidFile)
    return false
  }
  if (await answers(adminUrl)) return true
  await halt(server).catch(async (error: unknown) => {
    // It may have been dying by itself.
    if (await commandOf(pid)) throw error
  })
  return false
}

/** Empty when there is no such process. */
async function commandOf(pid: number): Promise<string> {
  if (existsSync('/proc/self/cmdline')) {
    return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  }
  return Bun.spawnSync(['ps', '-o', 'command=', '-p', String(pid)]).stdout.toString()
}

async function answers(adminUrl: string): Promise<boolean> {
  const sql = connect({ url: adminUrl, service: 'plexus-start', max: 1 })
  try {
    await sql`select 1`
    return true
  } catch {
    return false
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** How long the processes of a server that was killed may take to end. */
const lingeringMs = 10_000

async function launch(server: Server, options: PostgresOptions) {
  const wasKilled = existsSync(`${server.dataDir}/postmaster.pid`)
  const deadline = Date.now() + (wasKilled ? lingeringMs : 0)
  for (;;) {
    const failure = await tryLaunch(server, options)
    if (!failure) return
    if (Date.now() > deadline) throw failure
    await Bun.sleep(200)
  }
}

/** What went wrong, or null. */
async function tryLaunch(server: Server, options: PostgresOptions): Promise<Error | null> {
  const { port, portSetting = 'POSTGRES_PORT' } = options
  const taken = `Port ${port} is taken by another program; set ${portSetting} to a free one.`
  if (!(await isFree(port))) return new Error(taken)
  const logFile = `${server.dataDir}.log`
  await writeFile(logFile, '')
  await server.own(logFile)
  const flags = settingsOf(options).map((setting) => `-c ${setting}`)
  try {
    await server.run('pg_ctl', [
      ...['start', '--wait', '--timeout', '60', '--silent'],
      ...['--pgdata', server.dataDir, '--log', logFile, '--options', flags.join(' ')],
    ])
    return null
  } catch (error) {
    const log = await readFile(logFile, 'utf8')
    if (log.includes('Address already in use')) return new Error(taken)
    return new Error(`PostgreSQL did not start; ${logFile} says:\n${log}`, { cause: error })
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
