/** Roles as GraphQL and policies name them. An identity provider's realm writes them in lower case. */
export const roles = [
  'CLIENT',
  'COACH',
  'COMPANY_ADMIN',
  'SUPPORT',
  'ADMIN',
  'PARTNER_APP',
] as const
export type Role = (typeof roles)[number]

const client = ['self', 'bookings:read', 'bookings:write', 'files:write', 'runs:write'] as const

/** The one place where a role becomes scopes. Policies and directives read scopes only. */
export const roleScopes = {
  CLIENT: client,
  COACH: [...client, 'coach'],
  COMPANY_ADMIN: ['self', 'org:admin', 'org:read', 'org:stats'],
  SUPPORT: [
    'self',
    'users:read',
    'bookings:admin',
    'billing:read',
    'audit:read',
    'users:impersonate',
  ],
  ADMIN: [
    'self',
    'users:read',
    'users:admin',
    'users:impersonate',
    'flags:admin',
    'clients:admin',
    'operations:read',
    'operations:publish',
    'operations:explore',
    'health:read',
    'audit:read',
    'bookings:read',
    'bookings:admin',
    'billing:read',
    'billing:admin',
    'billing:refund',
    'ledger:read',
  ],
  PARTNER_APP: ['bookings:read', 'bookings:write', 'operations:publish'],
} as const satisfies Record<Role, readonly string[]>

export type Scope = (typeof roleScopes)[Role][number] | 'system'

/** What of their own scopes a person may hand to somebody else for a time. */
export const delegableScopes = [
  'bookings:read',
  'bookings:write',
  'coach',
  'files:write',
  'runs:write',
  'org:read',
  'org:stats',
] as const satisfies readonly Scope[]

/** What is left to whoever acts for somebody else and may only look. */
export const readScopes: ReadonlySet<string> = new Set<Scope>([
  'self',
  'bookings:read',
  'org:read',
  'org:stats',
  'users:read',
  'billing:read',
  'operations:read',
  'health:read',
  'ledger:read',
  'audit:read',
])

/** Nobody acts as an administrator, or as a program. */
const neverActedAs: ReadonlySet<Role> = new Set(['ADMIN', 'PARTNER_APP'])

export type ActingAs = {
  /** The scopes of whoever acts. */
  readonly by: ReadonlySet<string>
  readonly roles: readonly Role[]
  readonly readOnly: boolean
}

/**
 * Whether staff may act as a person of these roles. To change anything, or to act as support, takes
 * an administrator. It holds when acting begins and has to go on holding.
 */
export const mayActAs = ({ by, roles: theirs, readOnly }: ActingAs): boolean =>
  by.has('users:impersonate') &&
  !theirs.some((role) => neverActedAs.has(role)) &&
  (by.has('users:admin') || (readOnly && !theirs.includes('SUPPORT')))

const staff: ReadonlySet<Role> = new Set(['SUPPORT', 'ADMIN'])

const heldByOthers: ReadonlySet<string> = new Set(
  roles.filter((role) => !staff.has(role)).flatMap((role) => [...roleScopes[role]]),
)

/** What no role but those of staff has. */
export const staffScopes: ReadonlySet<string> = new Set(
  [...staff].flatMap((role) => [...roleScopes[role]]).filter((scope) => !heldByOthers.has(scope)),
)

/** Whether each of these lists of scopes, held whole, takes one that only staff have. */
export const isForStaff = (anyOf: readonly (readonly string[])[]): boolean =>
  anyOf.length > 0 && anyOf.every((allOf) => allOf.some((scope) => staffScopes.has(scope)))

/** The union of the roles' scopes. */
export const scopesOf = (granted: readonly Role[]): Set<Scope> =>
  new Set(granted.flatMap((role) => [...roleScopes[role]]))

/** Parses a realm role such as `company_admin`; null for a role that Plexus does not know. */
export const roleFrom = (realmRole: string): Role | null =>
  roles.find((role) => role.toLowerCase() === realmRole) ?? null
