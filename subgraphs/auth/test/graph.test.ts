import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { toGlobalId } from '#kit/id'
import type { Viewer } from '#kit/identity-token'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import type { Pool } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'
import { ask, dataOf, testIdentity, viewerWith } from '../../../stack/testing/subgraph.ts'
import { createAuth } from '../app.ts'
import { configFrom } from '../config.ts'

const now = () => new Date('2027-01-04T09:00:00Z')
const strong = 'four unrelated warm words'

let db: TestDatabase
let admin: Pool
let statements: string[] = []
let as: (
  viewer: Viewer | null,
  query: string,
  variables?: Record<string, unknown>,
) => ReturnType<typeof ask>

beforeAll(async () => {
  db = await testDatabase()
  admin = db.connectAdmin()
  const { publicJwks, minter } = await testIdentity(now)
  const auth = createAuth({
    config: configFrom({
      DATABASE_URL: db.url('auth'),
      IDENTITY_PUBLIC_JWKS: JSON.stringify({ keys: publicJwks }),
      EMBEDDED_PROVIDER: 'false',
    }),
    log: createLog({ service: 'auth', level: 'silent' }),
    metrics: createMetrics('auth'),
    now,
    onStatement: (text) => statements.push(text),
  })
  as = (viewer, query, variables = {}) =>
    ask({ fetch: auth.fetch, name: 'auth', minter }, viewer, { query, variables })
})
afterAll(() => db.drop())

describe('passwordPolicy', () => {
  test('anybody may read what a new password must be', async () => {
    const { body } = await as(null, '{ passwordPolicy { minLength maxLength refusesGuessable } }')
    expect(body).toEqual({
      data: { passwordPolicy: { minLength: 12, maxLength: 128, refusesGuessable: true } },
    })
  })
})

describe('provisionAccount', () => {
  const provision = `mutation ($input: ProvisionAccountInput!) { provisionAccount(input: $input) {
    __typename ... on AccountProvisioned { userId } ... on UserError { code message path }
  } }`
  const input = (change: Record<string, unknown> = {}) => ({
    idempotencyKey: crypto.randomUUID(),
    email: `${randomBytes(6).toString('hex')}@example.org`,
    displayName: 'Noé Lambert',
    password: strong,
    roles: ['COACH'],
    ...change,
  })
  const administrator = viewerWith(['ADMIN'])
  const provisioned = async (change: Record<string, unknown> = {}) =>
    dataOf<{ provisionAccount: Record<string, unknown> }>(
      await as(administrator, provision, { input: input(change) }),
    ).provisionAccount

  test('an administrator creates an account, and the other rooms are told once', async () => {
    const wanted = input({ email: 'noe@example.org' })
    const { provisionAccount } = dataOf<{ provisionAccount: { userId: string } }>(
      await as(administrator, provision, { input: wanted }),
    )
    const [account] = await admin`select * from auth.account where email = 'NOE@example.org'`
    expect(provisionAccount).toEqual({
      __typename: 'AccountProvisioned',
      userId: toGlobalId('User', account?.id),
    } as never)
    expect(account).toMatchObject({ displayName: 'Noé Lambert', locale: 'fr', roles: ['COACH'] })
    expect(account?.passwordHash).toStartWith('$argon2id$v=19$m=19456,t=2,p=1$')
    const events = await admin`select * from auth.outbox where entity_id = ${account?.id}`
    expect(events.map(({ topic, payload }) => ({ topic, payload }))).toEqual([
      {
        topic: 'auth.account-provisioned',
        payload: {
          personId: account?.id,
          email: 'noe@example.org',
          displayName: 'Noé Lambert',
          locale: 'fr',
          roles: ['COACH'],
        },
      },
    ])
  })

  test('nobody else may: not a coach, not support, not an anonymous caller', async () => {
    for (const viewer of [viewerWith(['COACH']), viewerWith(['SUPPORT'])]) {
      const { body } = await as(viewer, provision, { input: input() })
      expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    }
    const { body } = await as(null, provision, { input: input() })
    expect(body.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
  })

  test('the same request twice creates one account and gives the same answer', async () => {
    const wanted = input()
    const answers = await Promise.all(
      Array.from({ length: 3 }, () => as(administrator, provision, { input: wanted })),
    )
    const ids = answers.map((answer) => JSON.stringify(dataOf(answer)))
    expect(new Set(ids).size).toBe(1)
    expect(ids[0]).toContain('AccountProvisioned')
    const [row] = await admin`select count(*) from auth.account where email = ${wanted.email}`
    expect(row?.count).toBe(1)
  })

  test('the same key with another request is refused', async () => {
    const wanted = input()
    await as(administrator, provision, { input: wanted })
    const { body } = await as(administrator, provision, {
      input: { ...wanted, displayName: 'Somebody else' },
    })
    expect(body.errors?.[0]?.extensions.code).toBe('IDEMPOTENCY_MISMATCH')
  })

  test('of two people with one e-mail, in any case, one gets the account', async () => {
    const email = `${randomBytes(6).toString('hex')}@example.org`
    const answers = await Promise.all([
      provisioned({ email }),
      provisioned({ email: email.toUpperCase() }),
    ])
    expect(answers.map(({ __typename }) => __typename).sort()).toEqual([
      'AccountProvisioned',
      'ConflictError',
    ] as never)
    expect(answers.find(({ __typename }) => __typename === 'ConflictError')).toMatchObject({
      code: 'CONFLICT',
      path: ['email'],
    })
  })

  test.each([
    ['email', { email: 'nobody' }],
    ['displayName', { displayName: '   ' }],
    ['displayName', { displayName: 'a\u202eb' }],
    ['locale', { locale: 'de' }],
    ['roles', { roles: [] }],
    ['password', { password: 'too short' }],
    ['password', { password: 'password password' }],
    ['password', { password: 'NoéLambert2027', displayName: 'Noé Lambert 2027' }],
  ])('a fault in %s is named by its path: %o', async (path, change) => {
    expect(await provisioned(change)).toMatchObject({
      __typename: 'ValidationError',
      code: 'VALIDATION',
      path: [path],
    })
  })

  test('the stored request tells nothing about the password', async () => {
    await provisioned({ password: strong })
    const rows = await admin`select response::text as response from auth.idempotency`
    expect(JSON.stringify(rows)).not.toContain(strong)
  })
})

type Session = { id: string; current: boolean; device: string; lastSeenAt: string }

/** Sessions as the gateway writes them. */
async function addSessions(viewer: Viewer, count: number, change: Record<string, unknown> = {}) {
  const gateway = db.connect('gateway', { max: 1 })
  const ids: string[] = []
  for (let index = 0; index < count; index += 1) {
    const row = {
      idHash: randomBytes(32),
      personId: viewer.id,
      subject: viewer.id,
      roles: ['CLIENT'],
      tokens: Buffer.from('sealed'),
      device: `Firefox ${index}`,
      lastSeenAt: new Date(now().getTime() - (count - index) * 60_000),
      expiresAt: new Date(now().getTime() + 3_600_000),
      absoluteEnd: new Date(now().getTime() + 7_200_000),
      ...change,
    }
    const [inserted] = await gateway<{ id: string }[]>`
      insert into auth.web_session ${gateway(row)} returning id`
    ids.push(inserted?.id ?? '')
  }
  return ids
}

const sessionsQuery = `query ($viewer: ID!) { _entities(representations: [{ __typename: "Viewer", id: $viewer }]) {
  ... on Viewer { sessions { id current device createdAt lastSeenAt expiresAt } }
} }`

async function sessionsSeenBy(viewer: Viewer, whose = viewer): Promise<Session[] | null> {
  const answer = await as(viewer, sessionsQuery, { viewer: toGlobalId('Viewer', whose.id) })
  const [entity] = dataOf<{ _entities: ({ sessions: Session[] } | null)[] }>(answer)._entities
  return entity?.sessions ?? null
}

describe('Viewer.sessions', () => {
  test('lists live sessions, last used first, and says which one asks', async () => {
    const ada = viewerWith(['CLIENT'])
    const [older, newer] = await addSessions(ada, 2)
    await addSessions(ada, 1, { revokedAt: now() })
    await addSessions(ada, 1, { expiresAt: new Date(now().getTime() - 1) })
    const seen = await sessionsSeenBy({ ...ada, sessionId: older ?? '' })
    expect(seen?.map(({ id, current, device }) => ({ id, current, device }))).toEqual([
      { id: toGlobalId('Session', newer ?? ''), current: false, device: 'Firefox 1' },
      { id: toGlobalId('Session', older ?? ''), current: true, device: 'Firefox 0' },
    ])
  })

  test('fifty sessions cost as many statements as one', async () => {
    const [one, fifty] = [viewerWith(['CLIENT']), viewerWith(['CLIENT'])]
    await addSessions(one, 1)
    await addSessions(fifty, 50)
    const counted = async (viewer: Viewer) => {
      statements = []
      const seen = await sessionsSeenBy(viewer)
      return { nodes: seen?.length, statements: statements.length }
    }
    // A fresh connection reads the catalogue of types once.
    await counted(one)
    const { statements: ofOne } = await counted(one)
    expect(await counted(fifty)).toEqual({ nodes: 50, statements: ofOne })
    expect(statements.filter((text) => text.includes('web_session'))).toHaveLength(1)
  })

  test('nobody sees the sessions of another viewer', async () => {
    const [ada, eve] = [viewerWith(['CLIENT']), viewerWith(['ADMIN'])]
    await addSessions(ada, 1)
    expect(await sessionsSeenBy(eve, ada)).toBeNull()
  })

  test('somebody who acts for another sees none of their sessions', async () => {
    const ada = viewerWith(['CLIENT'])
    await addSessions(ada, 1)
    expect(await sessionsSeenBy({ ...ada, actor: crypto.randomUUID() })).toEqual([])
  })

  test('an API client without the scope `self` is refused', async () => {
    const partner = viewerWith(['PARTNER_APP'])
    const { body } = await as(partner, sessionsQuery, {
      viewer: toGlobalId('Viewer', partner.id),
    })
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })
})

describe('revokeSession', () => {
  const revoke = `mutation ($id: ID!) { revokeSession(id: $id) {
    __typename ... on SessionRevoked { id } ... on UserError { code path }
  } }`
  const revoked = async (viewer: Viewer, id: string) =>
    dataOf<{ revokeSession: Record<string, unknown> }>(await as(viewer, revoke, { id }))
      .revokeSession

  test('ends the session and tells every gateway its id', async () => {
    const ada = viewerWith(['CLIENT'])
    const [id = ''] = await addSessions(ada, 1)
    const gateway = db.connect('gateway')
    const told = Promise.withResolvers<string>()
    await gateway.listen('web_session_revoked', told.resolve)
    const globalId = toGlobalId('Session', id)
    expect(await revoked(ada, globalId)).toEqual({ __typename: 'SessionRevoked', id: globalId })
    expect(await told.promise).toBe(id)
    expect(await sessionsSeenBy(ada)).toEqual([])
    const [event] = await admin`select topic, payload from auth.outbox where entity_id = ${id}`
    expect(event).toEqual({
      topic: 'auth.session-revoked',
      payload: { sessionId: id, personId: ada.id },
    })
  })

  test('a stranger’s session is not found, exactly like one that never was', async () => {
    const [ada, eve] = [viewerWith(['CLIENT']), viewerWith(['ADMIN'])]
    const [id = ''] = await addSessions(ada, 1)
    const missing = { __typename: 'NotFoundError', code: 'NOT_FOUND', path: ['id'] }
    expect(await revoked(eve, toGlobalId('Session', id))).toEqual(missing)
    expect(await revoked(eve, toGlobalId('Session', crypto.randomUUID()))).toEqual(missing)
    expect(await revoked(eve, 'not an id')).toEqual(missing)
    expect(await sessionsSeenBy(ada)).toHaveLength(1)
  })

  test('a session ends once: of two requests at the same moment one finds nothing', async () => {
    const ada = viewerWith(['CLIENT'])
    const [id = ''] = await addSessions(ada, 1)
    const answers = await Promise.all([1, 2].map(() => revoked(ada, toGlobalId('Session', id))))
    expect(answers.map(({ __typename }) => __typename).sort()).toEqual([
      'NotFoundError',
      'SessionRevoked',
    ] as never)
  })

  test('an anonymous caller is told to sign in', async () => {
    const { body } = await as(null, revoke, { id: 'x' })
    expect(body.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
  })
})

describe('the gateway’s role', () => {
  test('reaches sessions and nothing else of this schema', async () => {
    const gateway = db.connect('gateway')
    await gateway`select id from auth.web_session limit 1`
    for (const table of ['account', 'oidc_payload', 'sign_in_failure', 'outbox']) {
      const refused = await gateway.unsafe(`select 1 from auth.${table}`).catch((error) => error)
      expect(String(refused)).toContain('permission denied')
    }
    const erased = await gateway`delete from auth.web_session`.catch((error) => error)
    expect(String(erased)).toContain('permission denied')
  })

  test('without a row context this room itself sees no session and no account', async () => {
    const ada = viewerWith(['CLIENT'])
    await addSessions(ada, 1)
    const auth = db.connect('auth')
    expect(await auth`select id from web_session`).toHaveLength(0)
    expect(await auth`select id from account`).toHaveLength(0)
    // The unprotected twin: row-level security does not bind the superuser, who sees both.
    expect(await admin`select id from auth.web_session limit 1`).toHaveLength(1)
    expect(await admin`select id from auth.account limit 1`).toHaveLength(1)
  })
})
