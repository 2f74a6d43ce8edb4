import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Pool } from '#kit/postgres'
import { databaseServices } from '#schema/subgraphs'
import { type TestDatabase, testDatabase } from '../testing/database.ts'

let db: TestDatabase
let admin: Pool

beforeAll(async () => {
  db = await testDatabase()
  admin = db.connectAdmin()
})
afterAll(() => db.drop())

/** Columns of all services whose name says that they hold a way in. */
const passwordColumns = async () => {
  const rows = await admin<{ place: string }[]>`
    select table_schema || '.' || table_name || '.' || column_name as place
    from information_schema.columns
    where table_schema = any(${[...databaseServices]})
      and column_name ~ '(passw|pwd|passphrase|secret|credential|pin_hash)'
    order by 1`
  return rows.map(({ place }) => place)
}

describe('passwords', () => {
  test('[FC-42] are in no service but auth, and there only as hashes', async () => {
    expect(await passwordColumns()).toEqual([
      // Of an account and of who asks for one: hashes, and when they were made.
      'auth.account.credential_expires_at',
      'auth.account.password_changed_at',
      'auth.account.password_hash',
      'auth.account_request.password_hash',
      // Of programs: hashes of random secrets, and the view of them that the gateway has.
      'auth.api_client.secret_hash',
      'auth.api_key.secret_hash',
      'auth.api_key_door.secret_hash',
      // A passkey's public name, and what is sealed with a key that the database does not have.
      'auth.passkey.credential_id',
      'auth.totp.secret',
    ])
    const id = crypto.randomUUID()
    const clear = admin`
      insert into auth.account (id, email, display_name, password_hash, locale, roles)
      values (${id}, 'ada@example.org', 'Ada', 'four unrelated warm words', 'fr', '{CLIENT}')`
    await expect(clear.execute()).rejects.toThrow('account_password_hash_check')
  })

  test('negative control: a service that kept one would be found', async () => {
    await admin`alter table users.person add column password text`
    expect(await passwordColumns()).toContain('users.person.password')
    await admin`alter table users.person drop column password`
  })
})
