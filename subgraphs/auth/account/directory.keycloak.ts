import { z } from 'zod'
import { AppError } from '#kit/errors'
import { type Role, roleFrom } from '#schema/scopes'
import type { AdminRequest, KeycloakAdmin } from '../keycloak/admin.ts'
import { keycloakCredential } from '../keycloak/credential.ts'
import type { Directory, DirectoryAccount, NewDirectoryAccount } from './directory.ts'
import { isLocale } from './rules.ts'

const Attributes = z.record(z.string(), z.array(z.string()))

/** What Keycloak says of a person; all of it goes back with a change, or Keycloak forgets the rest. */
const User = z.looseObject({
  id: z.string(),
  email: z.string().default(''),
  firstName: z.string().default(''),
  lastName: z.string().default(''),
  enabled: z.boolean(),
  emailVerified: z.boolean(),
  createdTimestamp: z.number().default(0),
  attributes: Attributes.default({}),
})
type User = z.infer<typeof User>

const RealmRoles = z.array(z.looseObject({ id: z.string(), name: z.string() }))

/** Accounts in a realm of Keycloak, by way of its service account that may manage people. */
export function keycloakDirectory(admin: KeycloakAdmin, realm: string): Directory {
  const users = usersOf(admin, realm)
  return {
    kind: 'external',
    find: (_, id) => users.account(id),
    findByEmail: async (_, email) => {
      const user = await users.byEmail(email)
      return user && users.accountOf(user)
    },
    create: (_, account) => create(users, account),
    setPassword: async (_, { id, password }) =>
      users.done('PUT', `/${key(id)}/reset-password`, {
        ...{ type: 'password', value: password, temporary: false },
      }),
    confirmEmail: (_, { id }) => users.change(id, () => ({ emailVerified: true })),
    setRoles: (_, { id, roles }) => users.setRoles(id, roles),
    setDisabled: (_, { id, at }) =>
      users.change(id, ({ attributes }) => ({
        enabled: at === null,
        attributes: { ...attributes, disabledAt: at ? [at.toISOString()] : [] },
      })),
  }
}

type Users = ReturnType<typeof usersOf>

const key = (id: string) => encodeURIComponent(id)

function usersOf(admin: KeycloakAdmin, realm: string) {
  const root = `/${key(realm)}/users`
  const send = (method: AdminRequest['method'], path: string, body?: unknown) =>
    admin.send({ method, path: `${root}${path}`, body })
  /** False for 404. */
  const done = async (method: AdminRequest['method'], path: string, body?: unknown) => {
    const response = await send(method, path, body)
    if (response.status === 404) return false
    if (response.ok) return true
    throw refused(response, await response.text())
  }
  const find = (id: string) => admin.get(User, `${root}/${key(id)}`)
  const rolesOf = async (id: string, which: 'composite' | 'available' | null) => {
    const path = `${root}/${key(id)}/role-mappings/realm${which ? `/${which}` : ''}`
    return (await admin.get(RealmRoles, path)) ?? []
  }
  const accountOf = async (user: User): Promise<DirectoryAccount> =>
    shownOf(user, await rolesOf(user.id, 'composite'))
  return {
    ...{ send, done, find, accountOf },
    account: async (id: string) => {
      const user = await find(id)
      return user && accountOf(user)
    },
    byEmail: async (email: string) => {
      const query = new URLSearchParams({ email, exact: 'true' })
      const [user] = (await admin.get(z.array(User), `${root}?${query}`)) ?? []
      return user ?? null
    },
    /** Roles that Plexus does not know stay as they are. */
    setRoles: async (id: string, roles: readonly Role[]) => {
      if (!(await find(id))) return false
      const isWanted = (name: string) => roles.some((role) => role.toLowerCase() === name)
      const [had, others] = await Promise.all([rolesOf(id, null), rolesOf(id, 'available')])
      const lost = had.filter(({ name }) => roleFrom(name) && !isWanted(name))
      const won = others.filter(({ name }) => isWanted(name))
      const path = `/${key(id)}/role-mappings/realm`
      if (won.length > 0) await done('POST', path, won)
      if (lost.length > 0) await done('DELETE', path, lost)
      return true
    },
    change: async (id: string, changed: (user: User) => Partial<User>) => {
      const user = await find(id)
      return user !== null && done('PUT', `/${key(id)}`, { ...user, ...changed(user) })
    },
  }
}

const refused = ({ status }: Response, text: string) =>
  new AppError('UNAVAILABLE', 'The account could not be changed. Try again.', {
    cause: new Error(`Keycloak answered ${status}: ${text}`),
  })

function shownOf(user: User, roles: readonly { name: string }[]): DirectoryAccount {
  const { id, email, enabled, emailVerified, attributes } = user
  const [locale = ''] = attributes.locale ?? []
  return {
    ...{ id, email, emailVerified },
    displayName: `${user.firstName} ${user.lastName}`.trim(),
    locale: isLocale(locale) ? locale : 'fr',
    roles: roles.map(({ name }) => roleFrom(name)).filter((role) => role !== null),
    disabledAt: enabled ? null : disabledSince(user),
  }
}

/** Somebody whom Keycloak's own console disabled was so at some time since they came. */
function disabledSince({ attributes, createdTimestamp }: User): Date {
  const at = new Date(attributes.disabledAt?.[0] ?? Number.NaN)
  return Number.isNaN(at.getTime()) ? new Date(createdTimestamp) : at
}

/**
 * Unverified until it is complete: a half-made account of a start that was cut short gives way to
 * the next, as any unverified one does.
 */
async function create(users: Users, account: NewDirectoryAccount) {
  const { email, displayName, locale, roles, emailVerified, passwordHash } = account
  const draft = {
    ...{ username: email, email, firstName: displayName, lastName: '' },
    ...{ enabled: true, emailVerified: false, requiredActions: [] },
    attributes: { locale: [locale] },
    credentials: [keycloakCredential(passwordHash)],
  }
  const made = await users.send('POST', '', draft)
  if (!made.ok && made.status !== 409) throw refused(made, await made.text())
  const id = made.ok ? idIn(made) : await takeOver(users, email, draft)
  if (!id) return null
  await users.setRoles(id, roles)
  if (emailVerified) await users.change(id, () => ({ emailVerified }))
  return users.account(id)
}

/** What was made is where the answer says. */
const idIn = (made: Response) => made.headers.get('location')?.split('/').at(-1) ?? null

const Credentials = z.array(z.object({ id: z.string(), type: z.string() }))

/** The account keeps its id, and nothing of whom it was. Null when it is somebody's. */
async function takeOver(users: Users, email: string, draft: object): Promise<string | null> {
  const known = await users.byEmail(email)
  if (!known || known.emailVerified || !known.enabled) return null
  const path = `/${key(known.id)}`
  const credentials = Credentials.parse(
    await (await users.send('GET', `${path}/credentials`)).json(),
  )
  for (const { id, type } of credentials) {
    if (type !== 'password') await users.done('DELETE', `${path}/credentials/${key(id)}`)
  }
  await users.done('POST', `${path}/logout`)
  return (await users.done('PUT', path, draft)) ? known.id : null
}
