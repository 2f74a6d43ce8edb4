import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { createLog } from '../log.ts'
import { untilMigrated } from '../migrated.ts'
import { migrate } from '../migrations.ts'
import { createPlatform } from '../platform.ts'
import { connect, type Pool } from '../postgres.ts'
import { until } from './until.ts'

// Roles belong to the whole server, which other test runs use at the same time.
const service = `waiting_${process.pid}`
const password = 'waiting-in-tests'
let db: TestDatabase
let admin: Pool
let folder: string

beforeAll(async () => {
  db = await testDatabase()
  admin = db.connectAdmin()
  folder = await mkdtemp(join(tmpdir(), 'plexus-migrated-'))
  await writeFile(join(folder, '0001_first.sql'), 'create table one (id int primary key)')
  await writeFile(join(folder, '0002_second.sql'), 'create table two (id int primary key)')
})

afterAll(async () => {
  await admin.unsafe(`drop schema if exists ${service} cascade`)
  await admin.unsafe(`drop owned by own_${service}, svc_${service}`)
  await admin.unsafe(`drop role own_${service}, svc_${service}`)
  await rm(folder, { recursive: true })
  await db.drop()
})

const urlOf = () => {
  const url = new URL(db.adminUrl)
  url.username = `svc_${service}`
  url.password = password
  return url.href
}

describe('a service waits for its schema', () => {
  test('[FC-33] from a server without its role to the newest of its migrations', async () => {
    const lines: string[] = []
    const log = createLog({ service, write: (line) => void lines.push(line) })
    const sql = connect({ url: urlOf(), service, max: 1 })
    let isReady = false
    const waiting = untilMigrated(sql, { service, number: 2 }, { log, everyMs: 10 }).then(() => {
      isReady = true
    })
    const said = (text: string) => lines.filter((line) => line.includes(text)).length
    await until('no role', () => said('does not know this service yet') === 1)
    await createPlatform(admin, [{ name: service, password }])
    await until('no migration', () => said('is at migration 0; waiting for 2') === 1)
    await migrate({ sql: admin, service, folder, to: 1 })
    await until('one migration', () => said('is at migration 1; waiting for 2') === 1)
    expect(isReady).toBe(false)
    await migrate({ sql: admin, service, folder })
    await waiting
    // Each reason is told once, however often it was met.
    expect(lines).toHaveLength(3)
    await untilMigrated(sql, { service, number: 1 }, { log })
    await sql.end()
  })

  test('and stops waiting when its pool ends, or for what no waiting mends', async () => {
    const log = createLog({ service, level: 'silent' })
    const url = new URL(db.adminUrl)
    url.port = '1'
    const sql = connect({ url: url.href, service, max: 1 })
    const waiting = untilMigrated(sql, { service, number: 1 }, { log, everyMs: 10 })
    const outcome = waiting.catch((error: unknown) => error)
    await sql.end()
    expect(await outcome).toBeInstanceOf(Error)
    const known = connect({ url: db.adminUrl, service, max: 1 })
    await admin.unsafe(`create schema broken_${process.pid}`)
    await admin.unsafe(`create table broken_${process.pid}.migration (name text)`)
    const broken = { service: `broken_${process.pid}`, number: 1 }
    await expect(untilMigrated(known, broken, { log })).rejects.toThrow('number')
    await known.end()
  })
})
