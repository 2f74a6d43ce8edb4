import { connect } from '#kit/postgres'
import type { LocalKeycloak } from '../keycloak/local.ts'
import { ensureAccounts, type KnownPerson } from '../keycloak/people.ts'
import { demoAdmin, demoClients, demoCoaches, demoPassword } from './people.ts'

type Account = Omit<KnownPerson, 'id'>

const password = demoPassword

/** Everybody of the demo, as an identity provider knows them. */
const accounts: readonly Account[] = [
  { ...demoAdmin, locale: 'fr', roles: ['ADMIN'], password },
  ...demoClients.map((client) => ({ ...client, roles: ['CLIENT'] as const, password })),
  ...demoCoaches.map(({ email, displayName }) => ({
    ...{ email, displayName, locale: 'fr' as const, roles: ['COACH'] as const, password },
  })),
]

/** The demo's accounts in a Keycloak that stands alone. */
export const demoAccountsIn = ({ admin, realm }: LocalKeycloak) =>
  ensureAccounts(
    admin,
    realm.realm,
    accounts.map((account) => ({ ...account, id: null })),
  )

/**
 * Those of the demo who are in the database get their accounts under the ids that they have there;
 * the administrator has one in any case. Everybody else comes with the demo's data.
 */
export async function demoAccountsOf({ admin, realm }: LocalKeycloak, databaseUrl: string) {
  const ids = await idsByEmail(databaseUrl)
  const known = accounts.flatMap((account) => {
    const id = ids.get(account.email) ?? null
    return id || account.email === demoAdmin.email ? [{ ...account, id }] : []
  })
  await ensureAccounts(admin, realm.realm, known)
}

async function idsByEmail(url: string): Promise<ReadonlyMap<string, string>> {
  const sql = connect({ url, service: 'plexus-up', max: 1 })
  try {
    const rows = await sql<{ id: string; email: string }[]>`
      select id, email
      from users.person
      where email = any(${accounts.map(({ email }) => email)})`
    return new Map(rows.map(({ id, email }) => [email.toLowerCase(), id]))
  } finally {
    await sql.end()
  }
}
