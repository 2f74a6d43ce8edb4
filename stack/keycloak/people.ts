import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Role } from '#schema/scopes'
import { hashPassword } from '../../subgraphs/auth/account/password.ts'
import type { KeycloakAdmin } from '../../subgraphs/auth/keycloak/admin.ts'
import { keycloakCredential } from '../../subgraphs/auth/keycloak/credential.ts'

export type KnownPerson = {
  readonly email: string
  readonly displayName: string
  readonly locale: 'fr' | 'en'
  readonly roles: readonly Role[]
  readonly password: string
  /** Null: whatever Keycloak has them under. */
  readonly id: string | null
}

const Found = z.array(z.object({ id: z.string() }))
const Imported = z.object({ added: z.number() })

const representationOf = async ({ id, email, displayName, locale, ...person }: KnownPerson) => ({
  ...{ id: id ?? randomUUID(), username: email, email, firstName: displayName },
  ...{ emailVerified: true, enabled: true, attributes: { locale: [locale] } },
  realmRoles: person.roles.map((role) => role.toLowerCase()),
  credentials: [keycloakCredential(await hashPassword(person.password))],
})

/**
 * Sees to it that they have accounts in the realm, under the ids that Plexus knows them by. Who has
 * one already keeps it as it is.
 */
export async function ensureAccounts(
  admin: KeycloakAdmin,
  realm: string,
  people: readonly KnownPerson[],
) {
  const missing: KnownPerson[] = []
  for (const person of people) {
    const query = new URLSearchParams({ email: person.email, exact: 'true' })
    const found = await admin.get(Found, `/${realm}/users?${query}`)
    if (found?.length === 0) missing.push(person)
  }
  if (missing.length === 0) return
  const response = await admin.send({
    method: 'POST',
    path: `/${realm}/partialImport`,
    body: { ifResourceExists: 'SKIP', users: await Promise.all(missing.map(representationOf)) },
  })
  const { added } = Imported.parse(response.ok ? await response.json() : { added: 0 })
  if (added !== missing.length) throw new Error('Keycloak did not take the accounts of the demo.')
}
