import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { connect } from '#kit/postgres'
import { isFree } from './ports.ts'
import { prepareServer, type Server } from './postgres-files.ts'
import { StartError } from './start-error.ts'

export type PostgresOptions = {
  readonly dataDir: string
  readonly port: number
  /** Named in the sentence about a taken port. */
  readonly portSetting?: string
  /**
   * True when others may be using a live server on this data: it is joined, on the port it has, and
   * never stopped. Else it outlived its starter, and is taken over.
   */
  readonly isShared?: boolean
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
  /** Where the data is: elsewhere than asked when the server's user may not go there. */
  readonly dataDir: string
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
  const hasData = await holdsData(server)
  const password = await passwordOf(server, hasData)
  if (!hasData) await initialise(server, password, options.durable ?? true)
  const urlOn = (port: number) => `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
  const live = await liveServer(server)
  const port = options.isShared ? live?.port || options.port : options.port
  const adopted = live !== null && (await adopts(server, live, { ...options, url: urlOn(port) }))
  if (!adopted) await launch(server, options)
  return {
    adminUrl: urlOn(adopted ? port : options.port),
    adopted,
    dataDir: server.dataDir,
    stop: async () => {
      if (!(adopted && options.isShared)) await halt(server)
    },
  }
}

/** False before the first start. Throws StartError for a folder that holds something else. */
async function holdsData({ dataDir }: Server): Promise<boolean> {
  if (existsSync(`${dataDir}/PG_VERSION`)) return true
  const isEmpty = !existsSync(dataDir) || (await readdir(dataDir)).length === 0
  if (isEmpty) return false
  throw new StartError(
    `${dataDir} is no PostgreSQL data any more: put a backup back, or delete it to start with no data.`,
  )
}

/** Made before the first start. Throws StartError when data is there and its password is not. */
async function passwordOf({ dataDir }: Server, hasData: boolean): Promise<string> {
  const file = `${dataDir}.password`
  const known = existsSync(file) ? (await readFile(file, 'utf8')).trim() : ''
  if (known) return known
  if (hasData) {
    throw new StartError(
      `${file} is empty or missing: put it back, or delete ${dataDir} to start with no data.`,
    )
  }
  const fresh = randomBytes(24).toString('base64url')
  await rm(file, { force: true })
  await writeFile(file, fresh, { mode: 0o600, flag: 'wx' })
  return fresh
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

type Live = { readonly pid: number; readonly port: number }

/** The server that runs on this data; null when there is none, whatever a crashed one left behind. */
async function liveServer({ dataDir }: Server): Promise<Live | null> {
  const pidFile = `${dataDir}/postmaster.pid`
  if (!existsSync(pidFile)) return null
  // Lines: process, data, start time, port, and what matters less.
  const lines = (await readFile(pidFile, 'utf8')).split('\n')
  const [pid = 0, , , port = 0] = lines.map(Number)
  const command = pid > 0 ? await commandOf(pid) : ''
  if (command.includes(dataDir)) return { pid, port }
  // After a restart of the machine the number belongs to another program, and of half a file
  // PostgreSQL makes nothing. Of its own dead process it makes sure that no child is left.
  if (command || !(pid > 0)) await rm(pidFile)
  return null
}

/**
 * A server that outlived its starter serves on when it has our port; any other is stopped first,
 * unless it is shared. Throws StartError when a shared one does not answer.
 */
async function adopts(
  server: Server,
  { pid }: Live,
  { url, isShared }: { url: string; isShared?: boolean },
): Promise<boolean> {
  if (await answers(url)) return true
  if (isShared) {
    throw new StartError(`PostgreSQL (process ${pid}) runs but does not answer; stop it first.`)
  }
  await halt(server).catch(async (error: unknown) => {
    // It may have been dying by itself.
    if (await commandOf(pid)) throw error
  })
  return false
}

/** How a process was started; empty when there is no such process. */
export async function commandOf(pid: number): Promise<string> {
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
  if (!(await isFree(port))) return new StartError(taken)
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
    if (log.includes('Address already in use')) return new StartError(taken)
    return new Error(`PostgreSQL did not start; ${logFile} says:\n${log}`, { cause: error })
  }
}

async function halt(server: Server) {
  if (!existsSync(`${server.dataDir}/postmaster.pid`)) return
  await server.run('pg_ctl', [
    ...['stop', '--wait', '--timeout', '60', '--silent'],
    ...['--mode', 'fast', '--pgdata', server.dataDir],
  ])
}
