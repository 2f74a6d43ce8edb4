import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ConfigError, parseConfig } from '#kit/config'
import { databaseEnv, databaseSettings } from '#kit/database-config'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { connect, type Pool } from '#kit/postgres'
import type { Service } from '#kit/service'
import { freePort } from '../ports.ts'
import { type Postgres, startPostgres } from '../postgres.ts'
import { prepareServer } from '../postgres-files.ts'
import { createRoom } from '../rooms.ts'
import { newSecrets } from '../secrets.ts'
import { newAuthority, newCertificate, opensslMissing } from '../testing/certificates.ts'
import { testEnvironments, until } from '../testing/system.ts'
import { migrated } from '../up/database.ts'

const skipped = opensslMissing(process.env.CI === 'true')

describe.skipIf(skipped !== null)('PostgreSQL that takes services over TLS only', () => {
  const home = join(import.meta.dir, `../../.plexus/test/tls-${process.pid}`)
  let postgres: Postgres
  let port: number
  let authority: Awaited<ReturnType<typeof newAuthority>>
  let other: Awaited<ReturnType<typeof newAuthority>>
  let urlOf: (service: string) => string

  beforeAll(async () => {
    await mkdir(home, { recursive: true })
    port = await freePort()
    authority = await newAuthority(home, 'ours')
    other = await newAuthority(home, 'other')
    const hba = join(home, 'pg_hba.conf')
    // The superuser of the test itself comes in without; services do not.
    const lines = ['host all postgres 127.0.0.1/32 scram-sha-256']
    await writeFile(hba, [...lines, 'hostssl all all 127.0.0.1/32 scram-sha-256', ''].join('\n'))
    const server = await certified('localhost')
    await (await prepareServer(join(home, 'postgres'))).own(hba)
    postgres = await startPostgres({
      dataDir: join(home, 'postgres'),
      ...{ port, durable: false },
      settings: [
        ...['ssl=on', `ssl_cert_file=${server.file}`, `ssl_key_file=${server.key}`],
        `hba_file=${hba}`,
      ],
    })
    urlOf = await migrated(postgres.adminUrl, await newSecrets())
  }, 90_000)

  afterAll(async () => {
    await postgres?.stop()
    await rm(home, { recursive: true, force: true })
  }, 30_000)

  /** A certificate where the server reads it. */
  async function certified(host: string) {
    const server = await newCertificate(home, authority, host)
    const { own } = await prepareServer(join(home, 'postgres'))
    await chmod(server.key, 0o600)
    for (const file of [server.key, server.file]) await own(file)
    return server
  }

  /** The server goes on with a certificate for that name. */
  async function serveAs(host: string) {
    await certified(host)
    const admin = connect({ url: adminUrl(), service: 'tls-admin', max: 1 })
    const [before] = await admin<{ at: Date }[]>`select pg_conf_load_time() as at`
    await admin`select pg_reload_conf()`
    await until(async () => {
      const [now] = await admin<{ at: Date }[]>`select pg_conf_load_time() as at`
      return Number(now?.at) > Number(before?.at)
    })
    await admin.end({ timeout: 1 })
  }

  const urlWith = (sslmode: string | null, host = 'localhost') => {
    const url = new URL(urlOf('users'))
    url.hostname = host
    if (sslmode) url.searchParams.set('sslmode', sslmode)
    return url.href
  }

  const Env = z.object(databaseEnv).transform(databaseSettings)

  /** Connects as a service does that finds these two settings. */
  async function ask(DATABASE_URL: string, DATABASE_CA_FILE?: string) {
    const sql: Pool = connect({
      ...parseConfig(Env, { DATABASE_URL, DATABASE_CA_FILE }),
      ...{ service: 'tls-test', max: 1 },
    })
    try {
      const [row] = await sql<{ ssl: boolean; version: string }[]>`
        select ssl, version from pg_stat_ssl where pid = pg_backend_pid()`
      return row
    } finally {
      await sql.end({ timeout: 1 })
    }
  }

  test('[KG-24] a plain connection is refused, and one that encrypts is taken', async () => {
    await expect(ask(urlWith(null))).rejects.toThrow('no pg_hba.conf entry')
    await expect(ask(urlWith('disable'))).rejects.toThrow('no encryption')
    expect(await ask(urlWith('require'))).toMatchObject({ ssl: true, version: 'TLSv1.3' })
  })

  test('[KG-24] verify-full takes the authority that it was given, and no other', async () => {
    expect(await ask(urlWith('verify-full'), authority.file)).toMatchObject({ ssl: true })
    const wrong = ask(urlWith('verify-full'), other.file)
    await expect(wrong).rejects.toThrow(/certificate/i)
    // Nobody whom the system trusts has signed it either.
    await expect(ask(urlWith('verify-full'))).rejects.toThrow(/certificate|self.signed/i)
    // An authority that is named counts for `require` too; without one it trusts whoever answers.
    await expect(ask(urlWith('require'), other.file)).rejects.toThrow(/certificate/i)
    expect(await ask(urlWith('require'))).toMatchObject({ ssl: true })
  })

  test('a certificate for another name is refused, though the authority is right', async () => {
    await serveAs('elsewhere.example')
    await expect(ask(urlWith('verify-full'), authority.file)).rejects.toThrow(
      /ERR_TLS_CERT_ALTNAME_INVALID|altnames|hostname|certificate/i,
    )
    expect(await ask(urlWith('require'))).toMatchObject({ ssl: true })
    await serveAs('localhost')
    expect(await ask(urlWith('verify-full'), authority.file)).toMatchObject({ ssl: true })
  })

  test('a whole subgraph works over it: its queries, its relay, and what it listens to', async () => {
    const { environments } = await testEnvironments({ url: () => urlWith('verify-full') })
    const env = { ...environments.users, DATABASE_CA_FILE: authority.file }
    let room: Service | null = null
    const admin = connect({ url: adminUrl(), service: 'tls-admin', max: 1 })
    try {
      room = await createRoom('users', env, (level) => ({
        log: createLog({ service: 'users', level: level && 'silent' }),
        metrics: createMetrics('users'),
        now: () => new Date(),
      }))
      await room.start()
      await room.checks.postgres?.()
      const seen = await admin<{ ssl: boolean; isListening: boolean }[]>`
        select ssl, query ilike 'listen%' as is_listening
        from pg_stat_ssl join pg_stat_activity using (pid)
        where usename = 'svc_users'`
      expect(seen.length).toBeGreaterThan(2)
      expect(seen.every(({ ssl }) => ssl)).toBe(true)
      expect(seen.some(({ isListening }) => isListening)).toBe(true)
    } finally {
      await room?.stop()
      await admin.end({ timeout: 1 })
    }
  }, 30_000)

  const adminUrl = () => {
    const url = new URL(postgres.adminUrl)
    url.pathname = '/plexus'
    return url.href
  }

  test.each([
    [
      'a mode that sends the password to whoever answers',
      { DATABASE_URL: 'postgres://u@h/d?sslmode=prefer' },
      'DATABASE_URL',
    ],
    ['a mode that nobody knows', { DATABASE_URL: 'postgres://u@h/d?sslmode=yes' }, 'DATABASE_URL'],
    [
      'a file that is not there',
      { DATABASE_URL: 'postgres://u@h/d', DATABASE_CA_FILE: '/nowhere.pem' },
      'DATABASE_CA_FILE',
    ],
    [
      'a file of something else',
      { DATABASE_URL: 'postgres://u@h/d', DATABASE_CA_FILE: import.meta.path },
      'DATABASE_CA_FILE',
    ],
  ])('%s is named at start', (_, env, variable) => {
    const read = () => parseConfig(Env, env)
    expect(read).toThrow(ConfigError)
    expect(read).toThrow(variable)
  })
})
