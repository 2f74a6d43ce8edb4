import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { connect, type Pool } from '#kit/postgres'
import { freePort } from '../../stack/ports.ts'
import { type Postgres, startPostgres } from '../../stack/postgres.ts'
import { prepareServer } from '../../stack/postgres-files.ts'
import { newAuthority, newCertificate, opensslMissing } from '../../stack/testing/certificates.ts'
import { k3sFolder } from '../render/overlay.ts'
import { stackFolder } from './alert-rules.ts'

const skipped = opensslMissing(process.env.CI === 'true')
const folder = join(k3sFolder, 'base/data/postgres')

/** `name = value` of the committed settings, as PostgreSQL takes them on its command line. */
function settingsIn(text: string): Map<string, string> {
  const lines = [...text.matchAll(/^(\w+) = (?:'([^']*)'|(\S+))$/gm)]
  return new Map(lines.map(([, name = '', quoted, plain]) => [name, quoted ?? plain ?? '']))
}
const settings = settingsIn(readFileSync(join(folder, 'postgresql.conf'), 'utf8'))

describe.skipIf(skipped !== null)('the settings of PostgreSQL in the cluster', () => {
  const home = resolve(import.meta.dir, `../../.plexus/test/settings-${process.pid}`)
  let postgres: Postgres
  let ca: string
  let sql: Pool

  const poolOf = (tls: { ca: string } | false) =>
    connect({ ...{ url: urlOf(), service: 'settings', max: 1 }, tls })
  const urlOf = () => postgres.adminUrl.replace('127.0.0.1', 'localhost')

  beforeAll(async () => {
    await mkdir(home, { recursive: true })
    const dataDir = join(home, 'postgres')
    const { own } = await prepareServer(dataDir)
    const authority = await newAuthority(home, 'ca')
    ca = authority.pem
    const { key, file } = await newCertificate(home, authority, 'localhost')
    await chmod(key, 0o600)
    const hba = join(home, 'pg_hba.conf')
    await writeFile(hba, readFileSync(join(folder, 'pg_hba.conf')))
    // Where things are on this machine; in pgBackRest's place a store that can be made to be away.
    const archive = join(home, 'archive')
    await writeFile(archive, `#!/bin/sh\ntest ! -e ${home}/away\n`, { mode: 0o755 })
    for (const path of [key, file, hba, archive]) await own(path)
    const here = {
      ssl_cert_file: file,
      ssl_key_file: key,
      hba_file: hba,
      archive_command: archive,
    }
    const own18 = new Map([...settings, ...Object.entries(here)])
    for (const elsewhere of ['listen_addresses', 'unix_socket_directories', 'log_line_prefix']) {
      own18.delete(elsewhere)
    }
    postgres = await startPostgres({
      ...{ dataDir, port: await freePort() },
      settings: [...own18].map(([name, value]) => `${name}=${value}`),
    })
    sql = poolOf({ ca })
  }, 90_000)

  afterAll(async () => {
    await sql?.end({ timeout: 1 })
    await postgres?.stop()
    await rm(home, { recursive: true, force: true })
  }, 30_000)

  const settingOf = async (name: string) => {
    const [row] = await sql<{ value: string }[]>`select current_setting(${name}) as value`
    return row?.value
  }

  test('[FC-13] PostgreSQL 18 takes every one of them, and is what they say', async () => {
    const [row] = await sql<{ version: number }[]>`
      select current_setting('server_version_num')::int / 10000 as version`
    expect(row?.version).toBe(18)
    for (const name of ['max_connections', 'shared_buffers', 'track_commit_timestamp']) {
      expect({ name, value: await settingOf(name) }).toEqual({
        ...{ name, value: settings.get(name) },
      })
    }
    expect(await settingOf('archive_mode')).toBe('on')
    expect(await settingOf('archive_timeout')).toBe('1min')
  })

  test('nobody comes in without TLS, not even the superuser from the same machine', async () => {
    const plain = poolOf(false)
    try {
      await expect(plain`select 1`.then((rows) => rows.length)).rejects.toThrow('no encryption')
    } finally {
      await plain.end({ timeout: 1 })
    }
    const [row] = await sql<{ ssl: boolean }[]>`
      select ssl from pg_stat_ssl where pid = pg_backend_pid()`
    expect(row?.ssl).toBe(true)
  })

  test('what the exporter asks is answered to a role that sees statistics and no row', async () => {
    const text = readFileSync(join(stackFolder, 'postgres-exporter/queries.yaml'), 'utf8')
    const queries = z.record(z.string(), z.object({ query: z.string() })).parse(parse(text))
    await sql`create table secret (word text)`
    await sql`create role monitor in role pg_monitor`
    for (const [name, { query }] of Object.entries(queries)) {
      const rows = await sql.begin(async (tx) => {
        await tx`set local role monitor`
        return await tx.unsafe(query)
      })
      expect({ name, rows: rows.length }).toEqual({
        ...{ name, rows: name === 'plexus_wal' ? 1 : expect.any(Number) },
      })
    }
    const look = sql.begin(async (tx) => {
      await tx`set local role monitor`
      return await tx`select word from secret`
    })
    await expect(look).rejects.toThrow('permission denied')
  })

  test('what waits to leave the machine has an age, and nothing has none', async () => {
    const text = readFileSync(join(stackFolder, 'postgres-exporter/queries.yaml'), 'utf8')
    const { plexus_wal: wal } = z
      .object({ plexus_wal: z.object({ query: z.string() }) })
      .parse(parse(text))
    const lag = async () => {
      const [row] = await sql.unsafe<{ archiveLagSeconds: string }[]>(wal.query)
      return Number(row?.archiveLagSeconds)
    }
    const until = async (reached: (seconds: number) => boolean) => {
      const deadline = performance.now() + 10_000
      while (!reached(await lag()) && performance.now() < deadline) await Bun.sleep(50)
      return lag()
    }
    expect(await until((seconds) => seconds === 0)).toBe(0)
    await writeFile(join(home, 'away'), '')
    await sql`create table waits (n int)`
    await sql`select pg_switch_wal()`
    expect(await until((seconds) => seconds > 0)).toBeGreaterThan(0)
  }, 20_000)
})
