import { audit } from '#kit/audit'
import type { Json, Sql } from '#kit/postgres'
import type { Role } from '#schema/scopes'
import type { Directory, DirectoryAccount } from '../account/directory.ts'
import { endSessionsOf, setSessionRoles } from '../session/step-up.ts'
import type { Happened, KeycloakEvent } from './event.ts'
import { addFailure, type Cursor, claimEvent, holdsOtherRoles } from './queries.ts'

export type Handling = {
  readonly cursor: Cursor
  readonly directory: Directory
  readonly now: () => Date
}

/** Writes down what happened and lets the person's sessions follow, in one transaction and once. */
export async function handleEvent(sql: Sql, event: KeycloakEvent, deps: Handling): Promise<void> {
  if (!(await claimEvent(sql, deps.cursor, event))) return
  const { personId, happened, at } = event
  if (happened.kind === 'failed') {
    await addFailure(sql, { personId, at })
    return
  }
  if (!personId) return
  const account = mayChangeSessions.has(happened.kind) ? await follow(sql, personId, deps) : null
  await note(sql, { ...event, personId }, account)
}

const mayChangeSessions: ReadonlySet<Happened['kind']> = new Set([
  ...(['changed', 'deleted', 'disabled'] as const),
  ...(['roles-given', 'roles-taken', 'group-changed'] as const),
])

/** Sessions are brought to what the account is now, whatever it was when the event came about. */
async function follow(sql: Sql, personId: string, { directory, now }: Handling) {
  const account = await directory.find(sql, personId)
  const at = now()
  if (!account || account.disabledAt) {
    await endSessionsOf(sql, { personId, at, reason: 'auth.account-disabled' })
    return account
  }
  const { roles } = account
  if (await holdsOtherRoles(sql, { personId, roles, at })) {
    await setSessionRoles(sql, { personId, roles, at })
  }
  return account
}

type Noted = { readonly action: string; readonly detail: { readonly [key: string]: Json } }

const without = (roles: readonly Role[], some: readonly Role[]) =>
  roles.filter((role) => !some.includes(role))

function notedOf(happened: Happened, account: DirectoryAccount | null): Noted {
  const to = [...(account?.roles ?? [])]
  switch (happened.kind) {
    case 'roles-given':
      return { action: 'auth.roles-changed', detail: { from: without(to, happened.roles), to } }
    case 'roles-taken':
      return { action: 'auth.roles-changed', detail: { from: [...to, ...happened.roles], to } }
    case 'credential-set':
      return happened.type === 'password'
        ? { action: 'auth.password-changed', detail: {} }
        : { action: 'auth.credential-set', detail: { type: happened.type } }
    case 'credential-removed':
      return { action: 'auth.credential-removed', detail: { type: happened.type } }
    default:
      return { action: actions[happened.kind], detail: {} }
  }
}

const actions = {
  failed: 'auth.attempts-failed',
  locked: 'auth.account-locked',
  verified: 'auth.email-verified',
  created: 'auth.account-created',
  changed: 'auth.account-changed',
  deleted: 'auth.account-deleted',
  disabled: 'auth.account-disabled',
  'group-changed': 'auth.roles-changed',
} as const

async function note(
  sql: Sql,
  { personId, actorId, ip, happened, at }: KeycloakEvent & { readonly personId: string },
  account: DirectoryAccount | null,
) {
  const { action, detail } = notedOf(happened, account)
  await audit(sql, {
    ...{ action, actorId, ip, entity: 'User', entityId: personId },
    detail: { ...detail, by: 'keycloak', at: at.toISOString() },
  })
}
