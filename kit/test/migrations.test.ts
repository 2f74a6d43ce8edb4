import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { migrate } from '../migrations.ts'
import { createPlatform } from '../platform.ts'
import type { Pool } from '../postgres.ts'

// Roles belong to the whole server, which other test runs use at the same time.
const service = `migration_${process.pid}`
let db: TestDatabase
let sql: Pool
let folder: string

beforeAll(async () => {
  db = await testDatabase()
  sql = db.connectAdmin()
})

beforeEach(async () => {
  await sql.unsafe(`drop schema if exists ${service} cascade`)
  await createPlatform(sql, [{ name: service, password: 'long-enough' }])
  folder = await mkdtemp(join(tmpdir(), 'plexus-migrations-'))
  await write('0001_first.sql', 'create table one (id int primary key)')
  await write('0001_first.down.sql', 'drop table one')
  await write('0002_second.sql', 'create table two (id int references one)')
  await write('0002_second.down.sql', 'drop table two')
})

afterEach(() => rm(folder, { recursive: true }))

afterAll(async () => {
  await sql.unsafe(`drop schema if exists ${service} cascade`)
  await sql.unsafe(`drop owned by own_${service}, svc_${service}`)
  await sql.unsafe(`drop role own_${service}, svc_${service}`)
  await db.drop()
})

const write = (name: string, text: string) => writeFile(join(folder, name), text)
const run = (to?: number) => migrate({ sql, service, folder, ...(to !== undefined && { to }) })

const tables = async () =>
  (
    await sql<{ tablename: string; tableowner: string }[]>`
      select tablename, tableowner
      from pg_tables
      where schemaname = ${service} and tablename in ('one', 'two', 'three')
      order by tablename`
  ).map(({ tablename, tableowner }) => `${tablename} of ${tableowner}`)

test('[MP-75] it goes up, is silent the second time, and goes down again', async () => {
  expect(await run()).toEqual(['0001_first', '0002_second'])
  expect(await tables()).toEqual([`one of own_${service}`, `two of own_${service}`])
  expect(await run()).toEqual([])
  expect(await run(1)).toEqual(['0002_second'])
  expect(await tables()).toEqual([`one of own_${service}`])
  expect(await run(0)).toEqual(['0001_first'])
  expect(await tables()).toEqual([])
})

test('processes that start at once migrate once', async () => {
  const ran = await Promise.all([run(), run(), run()])
  expect(ran.flat().toSorted()).toEqual(['0001_first', '0002_second'])
})

test('[MP-75] an edited migration is refused with its name and the remedy, and nothing runs', async () => {
  await run(1)
  await write('0001_first.sql', 'create table one (id bigint primary key)')
  await expect(run()).rejects.toThrow(
    `${folder}/0001_first.sql was changed after it was applied: restore it and put the change in a new migration.`,
  )
  expect(await tables()).toEqual([`one of own_${service}`])
})

test('an applied migration whose file is gone is refused', async () => {
  await run()
  await rm(join(folder, '0002_second.sql'))
  await expect(run()).rejects.toThrow('0002_second.sql was applied to this database but is gone')
})

test('a number left out is refused', async () => {
  await write('0004_late.sql', 'select 1')
  await expect(run()).rejects.toThrow('0004_late.sql must start with 0003_')
})

test('a migration that fails leaves what came before it and nothing of itself', async () => {
  await write('0003_third.sql', 'create table three (); create table one ()')
  await expect(run()).rejects.toThrow(`0003_third.sql failed: relation "one" already exists`)
  expect(await tables()).toHaveLength(2)
})

test('going down without a way down is refused', async () => {
  await write('0003_third.sql', 'create table three ()')
  await run()
  await expect(run(2)).rejects.toThrow('0003_third.down.sql is missing')
  expect(await tables()).toHaveLength(3)
})

test('a migration may not reach into another schema', async () => {
  await write('0003_third.sql', 'drop table users.outbox')
  await expect(run()).rejects.toThrow('permission denied for schema users')
})

test('a service without migrations is at its newest version', async () => {
  expect(await migrate({ sql, service, folder: join(folder, 'none') })).toEqual([])
})

test('[MP-75] a change of rows reaches those that row security hides from everybody but the system', async () => {
  await write(
    '0001_first.sql',
    `create table one (id int primary key, seen boolean not null default false);
     alter table one enable row level security;
     alter table one force row level security;
     create policy own on one using (app.has('system')) with check (app.has('system'))`,
  )
  await run(1)
  await sql.unsafe(`insert into ${service}.one (id) values (1), (2)`)
  await write('0002_second.sql', 'update one set seen = true; alter table one add check (seen)')
  expect(await run()).toEqual(['0002_second'])
  const rows = await sql.unsafe(`select seen from ${service}.one`)
  expect(rows.map(({ seen }) => seen)).toEqual([true, true])
})
