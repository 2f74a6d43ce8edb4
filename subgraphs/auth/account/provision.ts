import { emit } from '#kit/outbox'
import type { Database, Sql } from '#kit/postgres'
import { hashPassword } from './password.ts'
import {
  type AccountRow,
  insertAccount,
  lockBootstrap,
  type NewAccount,
  someAdminExists,
} from './queries.ts'

/** Inserts the account and tells the other rooms. Null when the e-mail is taken. */
export async function provision(sql: Sql, account: NewAccount): Promise<AccountRow | null> {
  const row = await insertAccount(sql, account)
  if (!row) return null
  const { id, email, displayName, locale, roles } = row
  await emit(sql, {
    topic: 'auth.account-provisioned',
    entityId: id,
    payload: { personId: id, email, displayName, locale, roles },
  })
  return row
}

/** Creates the first administrator. Does nothing when there is one already, so it may run at every start. */
export async function bootstrapAdmin(
  db: Database,
  admin: { email: string; password: string },
): Promise<boolean> {
  const exists = await db.read(someAdminExists)
  if (exists) return false
  const passwordHash = await hashPassword(admin.password)
  return db.write(async (sql) => {
    await lockBootstrap(sql)
    if (await someAdminExists(sql)) return false
    const row = await provision(sql, {
      email: admin.email,
      passwordHash,
      displayName: 'Administrator',
      locale: 'en',
      roles: ['ADMIN'],
    })
    return row !== null
  })
}
