import { guarded, type MockAccount } from './mock-account.ts'
import { type Args, connection, iso, type Row, refusal } from './mock-graph.ts'

/** What only administrators see beside the lists of the office. */
export type MockAdmin = { apiKeys: Row[]; events: Row[]; asked: Row[] }

const minuteMs = 60_000
const dayMs = 86_400_000
const ago = (minutes: number): string => iso(Date.now() - minutes * minuteMs)

const keyRow = (name: string, change: Row = {}): Row => ({
  __typename: 'ApiKey',
  id: `key-${name}`,
  name,
  beginning: `plx_${name.length}k4Q`,
  scopes: ['bookings:read'],
  rateLimitPerMinute: 600,
  createdAt: ago(10_000),
  rotatedAt: null,
  overlapUntil: null,
  expiresAt: iso(Date.now() + 80 * dayMs),
  lastUsedAt: ago(3),
  revokedAt: null,
  ...change,
})

const person = (displayName: string | null): Row | null =>
  displayName ? { __typename: 'User', id: `user-${displayName}`, displayName } : null

const eventRow = (place: number, action: string, change: Row = {}): Row => ({
  __typename: 'AuditEvent',
  id: `event-${place}`,
  seq: String(900 - place),
  at: ago(place * 31),
  recordedAt: ago(place * 31),
  source: 'auth',
  action,
  entity: 'User',
  entityId: '0199c2f4-7d1e-7a55-b0c3-5f2f0a1b9e41',
  actorId: 'user-Hugo Blanc',
  actor: person('Hugo Blanc'),
  onBehalfOf: null,
  requestId: 'req-1',
  ip: '203.0.113.0',
  detail: '{}',
  hash: '9f2c4d1be07a55b0c35f2f0a1b9e41d2',
  previousHash: '0',
  ...change,
})

export const createMockAdmin = (): MockAdmin => ({
  apiKeys: [
    keyRow('Médiathèque de Lyon', { overlapUntil: iso(Date.now() + dayMs) }),
    keyRow('Old kiosk', { lastUsedAt: null, revokedAt: ago(50) }),
  ],
  events: [
    eventRow(1, 'auth.signed-in', { detail: '{"acr":"2","place":"Lyon FR"}' }),
    eventRow(2, 'auth.impersonation-started', { onBehalfOf: person('Camille Moreau') }),
    eventRow(3, 'auth.roles-changed', { detail: '{"from":["CLIENT"],"to":["CLIENT","COACH"]}' }),
    eventRow(4, 'auth.attempts-failed', { actor: null, actorId: null, ip: null }),
  ],
  asked: [],
})

export type AdminWorld = {
  admin: MockAdmin
  account: MockAccount
  users: Row[]
  sessions: readonly Row[]
  isAdmin: boolean
}

type Input = { input: Row }

const keysRoot = ({ admin, account }: AdminWorld) => ({
  createApiKey: guarded(account, ({ input }: Input) => {
    const { name, scopes, rateLimitPerMinute, expiresAt } = input
    if (admin.apiKeys.some((known) => known.name === name))
      return refusal('ConflictError', 'CONFLICT')
    const key = keyRow(String(name), { scopes, rateLimitPerMinute, expiresAt, lastUsedAt: null })
    admin.apiKeys.push(key)
    return { __typename: 'ApiKeyCreated', key, secretShownOnce: `plx_secret-of-${name}` }
  }),
  rotateApiKey: guarded(account, ({ id, overlapHours }: Args) => {
    const key = admin.apiKeys.find((known) => known.id === id)
    if (!key) return refusal('NotFoundError', 'NOT_FOUND')
    key.overlapUntil = iso(Date.now() + Number(overlapHours) * 60 * minuteMs)
    return { __typename: 'ApiKeyRotated', key, secretShownOnce: 'plx_the-next-one' }
  }),
  revokeApiKey: ({ id }: Args) => {
    const key = admin.apiKeys.find((known) => known.id === id)
    if (!key) return refusal('NotFoundError', 'NOT_FOUND')
    key.revokedAt = iso(Date.now())
    return { __typename: 'ApiKeyRevoked', key }
  },
})

function peopleRoot({ admin, account, users }: AdminWorld) {
  const change = (input: Row, changes: Row, done: string): Row => {
    const user = users.find(({ id }) => id === input.userId)
    if (!user) return refusal('NotFoundError', 'NOT_FOUND')
    admin.asked.push({ done, ...input })
    Object.assign(user, changes)
    return { __typename: 'AccountChanged', user, disabledAt: user.disabledAt, sessionsRevoked: 0 }
  }
  return {
    setAccountRoles: guarded(account, ({ input }: Input) =>
      change(input, { roles: input.roles }, 'roles'),
    ),
    disableAccount: guarded(account, ({ input }: Input) =>
      change(input, { disabledAt: ago(0) }, 'disabled'),
    ),
    enableAccount: guarded(account, ({ input }: Input) =>
      change(input, { disabledAt: null }, 'enabled'),
    ),
    revokeUserSessions: guarded(account, (input: Args) => {
      admin.asked.push({ done: 'SessionsRevoked', ...input })
      return { __typename: 'SessionsRevoked', count: 2 }
    }),
    startImpersonation: guarded(account, ({ input }: Input) => {
      admin.asked.push({ done: 'ImpersonationStarted', ...input })
      Object.assign(account, { actor: 'Hugo Blanc', readOnly: input.readOnly })
      return { __typename: 'ImpersonationStarted', endsAt: ago(-15), displayName: 'Camille Moreau' }
    }),
  }
}

/** The part of the graph's root for people, keys and the audit. */
export function adminRoot(world: AdminWorld) {
  const { admin, users, sessions, isAdmin } = world
  const list = (rows: readonly Row[], args: Args): Row => {
    if (!isAdmin) throw new Error('Not allowed.')
    return connection(rows, args)
  }
  return {
    ...keysRoot(world),
    ...peopleRoot(world),
    user: ({ id }: Args) => {
      const user = users.find((known) => known.id === id)
      if (user?.looksBefore) {
        user.looksBefore = Number(user.looksBefore) - 1
        return null
      }
      return user ? { ...user, lastLoginAt: ago(90), sessions } : null
    },
    apiKeys: (args: Args) => list(admin.apiKeys, args),
    auditEvents: (args: Args) => {
      const { action } = (args.filter ?? {}) as { action?: string | null }
      const rows = admin.events.filter((event) => String(event.action).startsWith(action ?? ''))
      return list(rows, args)
    },
  }
}
