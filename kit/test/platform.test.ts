import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { createPlatform } from '../platform.ts'
import { connect } from '../postgres.ts'
import { scramVerifier } from '../scram.ts'

// Roles belong to the whole server, which other test runs use at the same time.
const name = `platform_${process.pid}`
let db: TestDatabase

beforeAll(async () => {
  db = await testDatabase()
})

afterAll(async () => {
  const admin = db.connectAdmin()
  await admin.unsafe(`
    drop schema if exists ${name} cascade;
    drop owned by own_${name}, svc_${name};
    drop role own_${name}, svc_${name}`)
  await db.drop()
})

const urlOf = (password: string) => {
  const url = new URL(db.adminUrl)
  url.username = `svc_${name}`
  url.password = password
  return url.href
}

async function answers(password: string): Promise<string> {
  const sql = connect({ url: urlOf(password), service: name, max: 1 })
  try {
    await sql`select id from outbox`
    return 'reads its own schema'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    await sql.end()
  }
}

test('[FC-35] it may run again, by two processes at once, and a changed password takes effect', async () => {
  const admin = db.connectAdmin()
  const create = (password: string) => createPlatform(admin, [{ name, password }])
  await Promise.all([create('first-password'), create('first-password')])
  expect(await answers('first-password')).toBe('reads its own schema')
  await create('second-password')
  expect(await answers('second-password')).toBe('reads its own schema')
  expect(await answers('first-password')).toContain('password authentication failed')
})

test('[FC-35] a service reads its own schema and no other', async () => {
  const users = db.connect('users')
  expect(await users`select id from outbox`).toHaveLength(0)
  const elsewhere = users`select id from bookings.outbox`.execute()
  await expect(elsewhere).rejects.toThrow('permission denied for schema bookings')
})

test('[MP-81] a service can neither create, nor become an owner, nor edit the record of migrations', async () => {
  const users = db.connect('users')
  const refused = async (statement: string) =>
    await users.unsafe(statement).catch((error: Error) => error.message)
  expect(await refused('create table users.mine ()')).toContain('permission denied for schema')
  expect(await refused('create table public.mine ()')).toContain('permission denied for schema')
  expect(await refused('set role own_users')).toContain('permission denied to set role')
  expect(await refused('delete from users.migration')).toContain('permission denied for table')
  expect(await refused('create function app.uid() returns uuid return null')).toContain(
    'permission',
  )
})

test('a service has limits on how long a statement or an idle transaction may take', async () => {
  const [limits] = await db.connect('users')`
    select current_setting('statement_timeout') as statement,
      current_setting('idle_in_transaction_session_timeout') as idle,
      current_setting('search_path') as path`
  expect(limits).toEqual({ statement: '5s', idle: '10s', path: 'users, app, public' })
})

test('a name that is no plain word is refused before it reaches a statement', async () => {
  const services = [{ name: 'users; drop table x', password: 'long-enough' }]
  await expect(createPlatform(db.connectAdmin(), services)).rejects.toThrow('cannot name a schema')
})

test('a password that would need preparation is refused', () => {
  expect(() => scramVerifier('short')).toThrow('8 or more')
  expect(() => scramVerifier('pässword-ünïcode')).toThrow('printable ASCII')
})
