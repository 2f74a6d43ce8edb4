import type { Account } from 'oidc-provider'
import type { Database } from '#kit/postgres'
import { type AccountRow, accountById } from '../account/queries.ts'

/** Realm roles are lower case, as in every other provider. */
const claimsOf = ({ id, displayName, email, locale, roles }: AccountRow) => ({
  sub: id,
  name: displayName,
  email,
  locale,
  roles: roles.map((role) => role.toLowerCase()),
})

/** Which claims each scope asks for; `acr`, `amr` and `sid` come from the sign-in itself. */
export const claimsByScope = {
  openid: ['sub', 'acr', 'amr', 'auth_time', 'sid'],
  profile: ['name', 'locale', 'roles'],
  email: ['email'],
}

/**
 * The account as the provider asks for it, read anew for every token: new roles count from the next
 * refresh on, and a disabled account gets none (undefined, which the provider answers as invalid_grant).
 */
export async function findAccount(db: Database, id: string): Promise<Account | undefined> {
  const row = await db.read((sql) => accountById(sql, id))
  if (!row || row.disabledAt) return undefined
  return { accountId: row.id, claims: async () => claimsOf(row) }
}
