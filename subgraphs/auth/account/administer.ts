import { audit, auditedBy } from '#kit/audit'
import { requiresSteppedUp } from '#kit/builder'
import { AppError } from '#kit/errors'
import { fromGlobalId } from '#kit/id'
import type { Viewer } from '#kit/identity-token'
import type { Json, Sql } from '#kit/postgres'
import { type UserError, userError } from '#kit/user-error'
import { type Role, scopesOf } from '#schema/scopes'
import { builder, ForbiddenErrorType, NotFoundErrorType, ValidationErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { endSessionsOf, setSessionRoles } from '../session/step-up.ts'
import type { Directory, DirectoryAccount } from './directory.ts'
import { mayProvision } from './policy.ts'
import type { AccountState } from './queries.ts'
import { lockAdministration } from './queries.ts'
import { RoleType } from './type.ts'
import { UserType } from './user.ts'

type Changed = {
  __typename: 'AccountChanged'
  user: AccountState
  disabledAt: Date | null
  sessionsRevoked: number
}

const AccountChangedType = builder.objectRef<Changed>('AccountChanged').implement({
  fields: (t) => ({
    user: t.field({ type: UserType, resolve: ({ user }) => user }),
    disabledAt: t.expose('disabledAt', { type: 'DateTime', nullable: true }),
    sessionsRevoked: t.exposeInt('sessionsRevoked', {
      description: 'How many sessions this ended. With new roles they go on under those.',
    }),
  }),
})

const ChangeAccountResultType = builder.unionType('ChangeAccountResult', {
  types: [AccountChangedType, ValidationErrorType, NotFoundErrorType, ForbiddenErrorType],
  resolveType: ({ __typename }) => __typename,
})

const SetAccountRolesInputType = builder.inputType('SetAccountRolesInput', {
  fields: (t) => ({
    userId: t.id({ required: true }),
    roles: t.field({ type: [RoleType], required: true }),
    reason: t.string({ required: true }),
  }),
})

const AccountReasonInputType = builder.inputType('AccountReasonInput', {
  fields: (t) => ({
    userId: t.id({ required: true }),
    reason: t.string({ required: true }),
  }),
})

type Act = {
  readonly action: 'auth.roles-changed' | 'auth.account-disabled' | 'auth.account-enabled'
  /** What becomes of it; null to leave the account as it is. */
  readonly apply: (sql: Sql, known: Known) => Promise<Pick<Changed, 'sessionsRevoked'>>
  readonly detail: (known: DirectoryAccount) => { readonly [key: string]: Json }
}
type Known = {
  readonly account: DirectoryAccount
  readonly directory: Directory
  readonly at: Date
}
type Given = { readonly userId: string; readonly reason: string }

const reasonMax = 500

function faultOf({ userId, reason }: Given, viewer: Viewer) {
  const personId = fromGlobalId('User', userId)
  const text = reason.trim()
  if (text === '' || text.length > reasonMax) {
    return userError('ValidationError', `Give a reason of 1 to ${reasonMax} characters.`, [
      'reason',
    ])
  }
  // Whoever locks themselves out cannot undo it.
  return personId === viewer.id
    ? userError('ForbiddenError', 'Ask another administrator to change your own account.', [
        'userId',
      ])
    : null
}

/**
 * Of two administrators who close each other's accounts at the same moment one is too late. Throws
 * FORBIDDEN for them. Whom the directory does not know has their rights from elsewhere.
 */
async function requireStillAdministers(sql: Sql, directory: Directory, { id }: Viewer) {
  const self = await directory.find(sql, id)
  if (!self || (!self.disabledAt && scopesOf(self.roles).has('users:admin'))) return
  throw new AppError('FORBIDDEN', 'You may not change accounts any more.')
}

type Answer = Changed | UserError<'ValidationError' | 'NotFoundError' | 'ForbiddenError'>

/** One change of somebody else's account, with its reason in the audit. */
async function administer(context: Context, given: Given, act: Act): Promise<Answer> {
  const { viewer, accounts, now, requestId } = context
  if (!mayProvision(viewer) || viewer.actor !== null) {
    throw new AppError('FORBIDDEN', 'You may not change accounts.')
  }
  const fault = faultOf(given, viewer)
  if (fault) return fault
  const { db, directory } = accounts
  return db.write(async (sql) => {
    await lockAdministration(sql)
    await requireStillAdministers(sql, directory, viewer)
    const personId = fromGlobalId('User', given.userId)
    const account = personId && (await directory.find(sql, personId))
    if (!account) return userError('NotFoundError', 'There is no such account.', ['userId'])
    const { sessionsRevoked } = await act.apply(sql, { account, directory, at: now() })
    await audit(sql, {
      ...{ action: act.action, ...auditedBy(viewer), requestId },
      ...{ entity: 'User', entityId: account.id },
      detail: { ...act.detail(account), reason: given.reason.trim(), sessionsRevoked },
    })
    const { id, roles, disabledAt } = (await directory.find(sql, account.id)) ?? account
    return {
      __typename: 'AccountChanged',
      user: { id, roles, disabledAt },
      disabledAt,
      sessionsRevoked,
    }
  })
}

/** Live sessions go on under the new roles; streams and requests that the old ones opened end. */
const withRoles = (roles: readonly Role[]): Act => ({
  action: 'auth.roles-changed',
  apply: async (sql, { account: { id }, directory, at }) => {
    await directory.setRoles(sql, { id, roles })
    await setSessionRoles(sql, { personId: id, roles, at })
    return { sessionsRevoked: 0 }
  },
  detail: (account) => ({ from: [...account.roles], to: [...roles] }),
})

const disabling: Act = {
  action: 'auth.account-disabled',
  apply: async (sql, { account, directory, at }) => {
    // The first moment stays: a second time changes nothing.
    if (!account.disabledAt) await directory.setDisabled(sql, { id: account.id, at })
    const ending = { personId: account.id, at, reason: 'auth.account-disabled' }
    return { sessionsRevoked: await endSessionsOf(sql, ending) }
  },
  detail: () => ({}),
}

const enabling: Act = {
  action: 'auth.account-enabled',
  apply: async (sql, { account: { id }, directory }) => {
    await directory.setDisabled(sql, { id, at: null })
    return { sessionsRevoked: 0 }
  },
  detail: () => ({}),
}

const rule = requiresSteppedUp(['users:admin'])

builder.mutationFields((t) => ({
  setAccountRoles: t.field({
    ...rule,
    type: ChangeAccountResultType,
    description: "Replaces somebody else's roles. Their live sessions have them at once.",
    args: { input: t.arg({ type: SetAccountRolesInputType, required: true }) },
    resolve: async (_, { input: { roles, ...given } }, context) => {
      if (roles.length > 0) return administer(context, given, withRoles([...new Set(roles)]))
      return userError('ValidationError', 'Choose at least one role.', ['roles'])
    },
  }),
  disableAccount: t.field({
    ...rule,
    type: ChangeAccountResultType,
    description: 'Lets somebody else in no more, and ends their sessions.',
    args: { input: t.arg({ type: AccountReasonInputType, required: true }) },
    resolve: (_, { input }, context) => administer(context, input, disabling),
  }),
  enableAccount: t.field({
    ...rule,
    type: ChangeAccountResultType,
    description: 'Lets somebody in again who was disabled.',
    args: { input: t.arg({ type: AccountReasonInputType, required: true }) },
    resolve: (_, { input }, context) => administer(context, input, enabling),
  }),
}))
