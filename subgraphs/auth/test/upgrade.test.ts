import { afterAll, beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { migrate } from '#kit/migrations'
import type { Pool } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'

const folder = join(import.meta.dir, '../migrations')

let base: TestDatabase
let admin: Pool
beforeAll(async () => {
  base = await testDatabase()
  admin = base.connectAdmin()
})
afterAll(() => base.drop())

const migrateTo = (to: number | 'latest') => migrate({ sql: admin, service: 'auth', folder, to })

/** A person with a session, as a release kept them that knew neither networks nor confirmed addresses. */
async function addPerson(): Promise<string> {
  const id = crypto.randomUUID()
  const end = new Date('2030-01-01')
  await admin`
    insert into auth.account ${admin({
      ...{ id, email: 'old@example.org', passwordHash: '$argon2id$old', displayName: 'Old' },
      ...{ locale: 'fr', roles: ['CLIENT'] },
    })}`
  await admin`
    insert into auth.web_session ${admin({
      ...{ idHash: Buffer.alloc(32, 1), personId: id, subject: id, roles: ['CLIENT'] },
      ...{ tokens: Buffer.alloc(8), device: 'Chrome', ip: '203.0.113.77' },
      ...{ expiresAt: end, absoluteEnd: end },
    })}`
  return id
}

test('[MP-75] people and sessions of an earlier release are brought along', async () => {
  await migrateTo(4)
  const id = await addPerson()
  await migrateTo('latest')
  const [session] = await admin`select ip::text from auth.web_session where person_id = ${id}`
  expect(session?.ip).toBe('203.0.113.0/24')
  const [account] = await admin`
    select email_verified_at = created_at as is_verified from auth.account where id = ${id}`
  expect(account?.isVerified).toBe(true)
})
