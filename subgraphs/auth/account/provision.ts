import { type AuditEntry, audit } from '#kit/audit'
import { emit } from '#kit/outbox'
import type { Database, Sql } from '#kit/postgres'
import { problemText, strengthOf } from '../credential/strength.ts'
import { localDirectory } from './directory.local.ts'
import type { Directory, DirectoryAccount, NewDirectoryAccount } from './directory.ts'
import { hashPassword } from './password.ts'
import { lockBootstrap, someAdminExists } from './queries.ts'

/** Tells the other rooms of an account. */
export const tellProvisioned = (sql: Sql, account: Omit<DirectoryAccount, 'emailVerified'>) => {
  const { id, email, displayName, locale, roles } = account
  return emit(sql, {
    topic: 'auth.account-provisioned',
    entityId: id,
    payload: { personId: id, email, displayName, locale, roles },
  })
}

type Vouched = Omit<NewDirectoryAccount, 'emailVerified'> & {
  /** Who vouches; null for the system itself. */
  readonly by: Pick<AuditEntry, 'actorId' | 'onBehalfOf'> | null
}

const nobody = { actorId: null, onBehalfOf: null }

/**
 * Creates an account that somebody vouches for, and tells the other rooms and the audit. Null when
 * the e-mail is taken.
 */
export async function provision(
  sql: Sql,
  directory: Directory,
  { by, ...account }: Vouched,
): Promise<DirectoryAccount | null> {
  const created = await directory.create(sql, { ...account, emailVerified: true })
  if (!created) return null
  await tellProvisioned(sql, created)
  await audit(sql, {
    ...{ action: 'auth.account-created', ...(by ?? nobody), entity: 'User' },
    ...{ entityId: created.id, detail: { from: [], to: [...created.roles] } },
  })
  return created
}

async function requireStrong({ email, password }: { email: string; password: string }) {
  const { problems } = await strengthOf(password, [email])
  const [problem] = problems
  if (problem) throw new Error(`BOOTSTRAP_ADMIN_PASSWORD: ${problemText[problem]}`)
}

/** Creates the first administrator. Does nothing when there is one already, so it may run at every start. */
export async function bootstrapAdmin(
  db: Database,
  admin: { email: string; password: string },
): Promise<boolean> {
  const exists = await db.read(someAdminExists)
  if (exists) return false
  await requireStrong(admin)
  const passwordHash = await hashPassword(admin.password)
  return db.write(async (sql) => {
    await lockBootstrap(sql)
    if (await someAdminExists(sql)) return false
    const row = await provision(sql, localDirectory, {
      by: null,
      email: admin.email,
      passwordHash,
      displayName: 'Administrator',
      locale: 'en',
      roles: ['ADMIN'],
    })
    return row !== null
  })
}
