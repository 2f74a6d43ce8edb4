import { accountRoot, accountViewer, type MockAccount } from './mock-account.ts'
import { type AdminWorld, adminRoot, type MockAdmin } from './mock-admin.ts'
import { type Args, connection, iso, type Row, refusal } from './mock-graph.ts'

/** What only the security and the admin pages show, apart from the bookings of the mock. */
export type MockOffice = {
  sessions: Row[]
  users: Row[]
  /** How often somebody new is looked for before the list has heard of them. */
  looksBefore: number
  apiClients: Row[]
  payments: Row[]
  deliveries: Row[]
}

const minuteMs = 60_000
const ago = (minutes: number): string => iso(Date.now() - minutes * minuteMs)

const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36'
const phone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'

const sessions = (): Row[] =>
  [
    { device: chrome, ip: '203.0.113.24', minutes: 0, current: true },
    { device: phone, ip: '2001:db8:4f1a:90:8d2c:11ff:fe03:7a61', minutes: 130, current: false },
    { device: '', ip: '', minutes: 4 * 1_440, current: false },
  ].map(({ minutes, ...session }, index) => ({
    ...session,
    __typename: 'Session',
    acr: index === 0 ? '2' : '1',
    place: index === 0 ? 'Lyon, France' : null,
    impersonated: index === 2,
    id: `session-${index + 1}`,
    createdAt: ago(minutes + 6 * 1_440),
    lastSeenAt: ago(minutes),
    expiresAt: iso(Date.now() + 1_440 * minuteMs),
  }))

const people: readonly (readonly [string, string[], string])[] = [
  ['Léa Fontaine', ['ADMIN'], 'ACTIVE'],
  ['Camille Moreau', ['COACH'], 'ACTIVE'],
  ['Maximilien-Théodore de La Rochefoucauld', ['CLIENT', 'COACH', 'SUPPORT'], 'INVITED'],
  ['Noah Berger', ['CLIENT'], 'SUSPENDED'],
]

const userRow = (displayName: string, roles: readonly string[], status: string): Row => ({
  __typename: 'User',
  id: `user-${displayName}`,
  displayName,
  email: `${displayName
    .normalize('NFD')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase()}@example.org`,
  roles,
  status,
  locale: 'fr',
  timeZone: 'Europe/Paris',
  createdAt: ago(60 * 1_440),
  version: 1,
  disabledAt: null,
})

const clientRow = (name: string, change: Row = {}): Row => ({
  __typename: 'ApiClient',
  id: `client-${name}`,
  clientId: `plexus-partner-${name.length}f3a9c27`,
  name,
  scopes: ['bookings:read', 'bookings:write'],
  rateLimitPerMinute: 600,
  createdAt: ago(10_000),
  lastUsedAt: ago(12),
  disabledAt: null,
  plan: null,
  ...change,
})

const euros = (amount: number): Row => ({ __typename: 'Money', amount, currency: 'EUR' })

const paymentRow = (place: number, status: string, change: Row = {}): Row => ({
  __typename: 'Payment',
  id: `payment-${place}`,
  status,
  amount: euros(6_000),
  refunded: euros(0),
  failureCode: null,
  createdAt: ago(place * 200),
  booking: {
    __typename: 'Booking',
    id: `paid-${place}`,
    reference: `7F3K29Q${place}`,
    client: { __typename: 'User', id: 'user-Noah Berger', displayName: 'Noah Berger' },
  },
  ...change,
})

const deliveryRow = (place: number, type: string, change: Row = {}): Row => ({
  __typename: 'WebhookDelivery',
  id: `delivery-${place}`,
  provider: 'stripe',
  eventId: `evt_1QX${place}a8b2eZvKYlo2C0`,
  type,
  receivedAt: ago(place * 47),
  status: 'PROCESSED',
  attempts: 1,
  lastError: null,
  ...change,
})

export const createMockOffice = (): MockOffice => ({
  sessions: sessions(),
  users: people.map(([name, roles, status]) => userRow(name, roles, status)),
  looksBefore: 0,
  apiClients: [
    clientRow('Médiathèque de Lyon', {
      plan: { __typename: 'ClientPlan', plan: 'standard', pointsPerMinute: 6_000, costMax: 2_000 },
    }),
    clientRow('Old kiosk', { lastUsedAt: null, disabledAt: ago(50), scopes: ['bookings:read'] }),
  ],
  payments: [
    paymentRow(1, 'SUCCEEDED'),
    paymentRow(2, 'PARTIALLY_REFUNDED', { amount: euros(12_050), refunded: euros(2_000) }),
    paymentRow(3, 'FAILED', { failureCode: 'card_declined' }),
    paymentRow(4, 'REQUIRES_ACTION', { booking: null }),
  ],
  deliveries: [
    deliveryRow(1, 'checkout.session.completed'),
    deliveryRow(2, 'charge.refunded', {
      status: 'FAILED',
      attempts: 3,
      lastError: 'The provider did not answer within 5 s.',
    }),
    deliveryRow(3, 'customer.created', { status: 'IGNORED' }),
  ],
})

type Input = { input: Record<string, unknown> }
type Office = {
  office: MockOffice
  account: MockAccount
  admin: MockAdmin
  isAdmin: boolean
}

const adminWorldOf = ({ office, ...world }: Office): AdminWorld => ({
  ...world,
  users: office.users,
  sessions: office.sessions,
})

function refundPayment({ office }: Office, { input }: Input): Row {
  const payment = office.payments.find(({ id }) => id === input.paymentId)
  if (!payment) return refusal('NotFoundError', 'NOT_FOUND')
  // The rows above made them.
  const [amount, refunded] = [payment.amount, payment.refunded] as { amount: number }[]
  const left = (amount?.amount ?? 0) - (refunded?.amount ?? 0)
  const wanted = Number(input.amount ?? left)
  if (wanted > left) return refusal('RefundTooLargeError', 'CONFLICT', { refundable: euros(left) })
  payment.refunded = euros((refunded?.amount ?? 0) + wanted)
  payment.status = wanted === left ? 'REFUNDED' : 'PARTIALLY_REFUNDED'
  return { __typename: 'Refunded', payment }
}

function provisionAccount({ office }: Office, { input }: Input): Row {
  const email = String(input.email)
  if (office.users.some((user) => user.email === email)) return refusal('ConflictError', 'CONFLICT')
  if (/password/.test(String(input.password)))
    return refusal('ValidationError', 'BAD_USER_INPUT', { path: ['password'] })
  // As the graph checked it.
  const user = userRow(String(input.displayName), input.roles as string[], 'ACTIVE')
  office.users.push({ ...user, email, looksBefore: office.looksBefore })
  return { __typename: 'AccountProvisioned', userId: user.id }
}

function registerApiClient({ office }: Office, { input }: Input): Row {
  const name = String(input.name)
  if (office.apiClients.some((client) => client.name === name))
    return refusal('ConflictError', 'CONFLICT')
  const { scopes, rateLimitPerMinute } = input
  const client = clientRow(name, { scopes, rateLimitPerMinute, lastUsedAt: null })
  office.apiClients.push(client)
  return { __typename: 'ClientRegistered', client, secretShownOnce: `secret-of-${name}` }
}

const clientIn = ({ office }: Office, { id }: Args) =>
  office.apiClients.find((client) => client.id === id && client.disabledAt === null)

function revoke(office: MockOffice, keep: (session: Row) => boolean): Row {
  const before = office.sessions.length
  office.sessions = office.sessions.filter(keep)
  return { __typename: 'SessionsRevoked', count: before - office.sessions.length }
}

const sessionMutations = ({ office }: Office) => ({
  revokeSession: ({ id }: Args) => {
    const { count } = revoke(office, (session) => session.id !== id)
    return count === 0
      ? refusal('NotFoundError', 'NOT_FOUND')
      : { __typename: 'SessionRevoked', id }
  },
  revokeOtherSessions: () => revoke(office, ({ current }) => current === true),
  revokeAllSessions: () => revoke(office, () => false),
})

type Root = Record<string, unknown> & { viewer: () => Row | null | '' }

/** The root of the mock with these pages' part in it. */
export const withOffice = (root: Root, world: Office) => ({
  ...root,
  ...officeRoot(world),
  ...accountRoot(world.account),
  ...adminRoot(adminWorldOf(world)),
  viewer: () => {
    const viewer = root.viewer()
    return viewer && { ...viewer, ...accountViewer(world.account), sessions: world.office.sessions }
  },
})

/** What the admin pages ask for; throws as the graph does for everybody else. */
function officeRoot(world: Office) {
  const { office, isAdmin } = world
  const list = (rows: readonly Row[]) => (args: Args) => {
    if (!isAdmin) throw new Error('Not allowed.')
    return connection(rows, args)
  }
  return {
    ...sessionMutations(world),
    users: (args: Args) =>
      list(
        office.users.filter(
          ({ displayName, email, looksBefore }) =>
            !looksBefore &&
            `${displayName} ${email}`
              .toLowerCase()
              .includes(String(args.search ?? '').toLowerCase()),
        ),
      )(args),
    apiClients: list(office.apiClients),
    payments: (args: Args) => {
      const { status } = (args.filter ?? {}) as { status?: string[] }
      const rows = office.payments.filter((row) => status?.includes(String(row.status)) ?? true)
      return list(rows)(args)
    },
    webhookDeliveries: list(office.deliveries),
    provisionAccount: (args: Input) => provisionAccount(world, args),
    registerApiClient: (args: Input) => registerApiClient(world, args),
    rotateClientSecret: (args: Args) => {
      const client = clientIn(world, args)
      if (!client) return refusal('ConflictError', 'CONFLICT')
      return { __typename: 'ClientSecretRotated', client, secretShownOnce: 'another-secret' }
    },
    disableApiClient: (args: Args) => {
      const client = clientIn(world, args)
      if (!client) return refusal('NotFoundError', 'NOT_FOUND')
      client.disabledAt = iso(Date.now())
      return { __typename: 'ApiClientDisabled', client }
    },
    refundPayment: (args: Input) => refundPayment(world, args),
    replayWebhook: ({ deliveryId }: Args) => {
      const delivery = office.deliveries.find(({ id }) => id === deliveryId)
      if (!delivery) return refusal('NotFoundError', 'NOT_FOUND')
      Object.assign(delivery, {
        status: 'PROCESSED',
        attempts: Number(delivery.attempts) + 1,
        lastError: null,
      })
      return { __typename: 'WebhookReplayed', delivery }
    },
  }
}
