import { afterAll, afterEach, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { connect } from '#kit/postgres'
import { freePort } from '../ports.ts'
import { type Postgres, type PostgresOptions, startPostgres } from '../postgres.ts'
import { ensureDatabase } from '../prepare-database.ts'

// Creating a cluster takes seconds on a busy machine.
setDefaultTimeout(60_000)

const home = resolve(import.meta.dir, `../../.plexus/test/embedded-${process.pid}`)
let options: PostgresOptions
const started: Postgres[] = []

const start = async (changes: Partial<PostgresOptions> = {}) => {
  const postgres = await startPostgres({ ...options, ...changes })
  started.push(postgres)
  return postgres
}

beforeEach(async () => {
  await mkdir(home, { recursive: true })
  options = { dataDir: `${home}/postgres`, port: await freePort(), durable: false }
})

afterEach(async () => {
  for (const postgres of started.splice(0)) await postgres.stop()
})

afterAll(() => rm(home, { recursive: true, force: true }))

async function ask(adminUrl: string, question: string) {
  const sql = connect({ url: adminUrl, service: 'test', max: 1 })
  try {
    const [row] = await sql.unsafe<Record<string, unknown>[]>(question)
    return row
  } finally {
    await sql.end()
  }
}

test('it keeps data over a restart, records commit times and has the extensions', async () => {
  const first = await start()
  await ask(first.adminUrl, 'create table kept as select 1 as one')
  await first.stop()
  const second = await start()
  expect(second.adopted).toBe(false)
  expect(await ask(second.adminUrl, 'select one from kept')).toEqual({ one: 1 })
  expect(await ask(second.adminUrl, 'show track_commit_timestamp')).toEqual({
    trackCommitTimestamp: 'on',
  })
  await ask(second.adminUrl, 'create extension btree_gist')
  expect(await ask(second.adminUrl, `select lower('É') as low`)).toEqual({ low: 'é' })
})

test('only the owner reads the password, and it is asked for', async () => {
  const { adminUrl } = await start()
  const wrong = new URL(adminUrl)
  wrong.password = 'wrong'
  await expect(ask(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
  expect((await Bun.file(`${home}/postgres.password`).stat()).mode & 0o077).toBe(0)
})

test('a server that outlived its starter is adopted, and stopped with the next', async () => {
  await startPostgres(options)
  const second = await start()
  expect(second.adopted).toBe(true)
  expect(await ask(second.adminUrl, 'select 1 as one')).toEqual({ one: 1 })
  await second.stop()
  await expect(ask(second.adminUrl, 'select 1')).rejects.toThrow()
})

test('a server on the same data with another port is replaced', async () => {
  await startPostgres(options)
  const moved = await start({ port: await freePort() })
  expect(moved.adopted).toBe(false)
  expect(await ask(moved.adminUrl, 'select 1 as one')).toEqual({ one: 1 })
})

test('a shared server is joined on the port it has, and goes on when the joiner stops', async () => {
  const first = await start()
  const joined = await start({ port: await freePort(), isShared: true })
  expect(joined.adopted).toBe(true)
  expect(joined.adminUrl).toBe(first.adminUrl)
  await joined.stop()
  expect(await ask(first.adminUrl, 'select 1 as one')).toEqual({ one: 1 })
})

test('a process file of which nothing can be read counts as left behind', async () => {
  const first = await start()
  await first.stop()
  for (const junk of ['', 'junk\n', '\0\0\0']) {
    await writeFile(`${home}/postgres/postmaster.pid`, junk)
    const next = await start()
    expect(next.adopted).toBe(false)
    await next.stop()
  }
})

test('it starts after the server was killed, and after its process id went to another program', async () => {
  await startPostgres(options)
  const pidFile = `${home}/postgres/postmaster.pid`
  const lines = await readFile(pidFile, 'utf8')
  process.kill(Number(lines.split('\n')[0]), 'SIGKILL')
  const again = await start()
  expect(await ask(again.adminUrl, 'select 1 as one')).toEqual({ one: 1 })
  await again.stop()
  await writeFile(pidFile, lines.replace(/^\d+/, String(process.pid)))
  const third = await start()
  expect(await ask(third.adminUrl, 'select 1 as one')).toEqual({ one: 1 })
})

test('a taken port is told in one sentence with the setting', async () => {
  const other = createServer()
  await new Promise<void>((listening) => {
    other.listen(options.port, '127.0.0.1', () => listening())
  })
  try {
    await expect(start()).rejects.toThrow(
      `Port ${options.port} is taken by another program; set POSTGRES_PORT to a free one.`,
    )
  } finally {
    other.close()
  }
})

test('a server that takes a connection and never answers is told of, not waited for', async () => {
  const mute = createServer()
  await new Promise<void>((listening) => mute.listen(options.port, '127.0.0.1', listening))
  try {
    const url = `postgres://postgres:x@127.0.0.1:${options.port}/postgres`
    await expect(ensureDatabase(url, 'plexus', { withinMs: 200 })).rejects.toThrow(
      `PostgreSQL on 127.0.0.1:${options.port} does not answer`,
    )
  } finally {
    mute.close()
  }
})

test('data without its password, and data that lost its version, are one sentence each', async () => {
  const dataDir = `${home}/damaged`
  const first = await start({ dataDir })
  await first.stop()
  await writeFile(`${dataDir}.password`, '')
  await expect(start({ dataDir })).rejects.toThrow(
    `${dataDir}.password is empty or missing: put it back, or delete ${dataDir} to start with no data.`,
  )
  await rm(`${dataDir}.password`)
  await expect(start({ dataDir })).rejects.toThrow('.password is empty or missing')
  await rm(`${dataDir}/PG_VERSION`)
  await expect(start({ dataDir })).rejects.toThrow(
    `${dataDir} is no PostgreSQL data any more: put a backup back, or delete it to start with no data.`,
  )
})

test('an interrupted first start is made good by the next', async () => {
  await mkdir(`${home}/interrupted.new/base`, { recursive: true })
  const { adminUrl } = await start({ dataDir: `${home}/interrupted` })
  expect(await ask(adminUrl, 'select 1 as one')).toEqual({ one: 1 })
})

test('a setting that the server does not know is told with its log', async () => {
  await expect(start({ settings: ['no_such_setting=on'] })).rejects.toThrow('no_such_setting')
})

// Sessions are read from /proc.
const isLinux = process.platform === 'linux'
test.skipIf(!isLinux)(
  'Ctrl-C reaches it only through stop: it has a session of its own',
  async () => {
    await start()
    const pid = (await readFile(`${home}/postgres/postmaster.pid`, 'utf8')).split('\n')[0]
    const sessionOf = async (of: string) =>
      (await readFile(`/proc/${of}/stat`, 'utf8')).split(') ')[1]?.split(' ')[3]
    expect(await sessionOf(String(pid))).not.toBe(await sessionOf('self'))
  },
)

// Only root starts the server as another user, to whom a folder may be closed.
test.skipIf(process.getuid?.() !== 0)(
  'as root, it runs from a checkout closed to others',
  async () => {
    const closed = `${home}/closed`
    await mkdir(closed, { mode: 0o700 })
    const { adminUrl } = await start({ dataDir: `${closed}/postgres` })
    const row = await ask(adminUrl, `select current_setting('data_directory') as place`)
    const place = String(row?.place)
    expect(place).toStartWith('/var/lib/plexus/')
    await started.splice(0)[0]?.stop()
    await Promise.all(['', '.password', '.log'].map((end) => rm(place + end, { recursive: true })))
  },
)
