import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { toGlobalId } from '#kit/id'
import { dataOf, viewerWith } from '../../../stack/testing/subgraph.ts'
import { type Graph, newGraph } from './graph.ts'
import { addAccount, password as strong } from './world.ts'

let graph: Graph
beforeAll(async () => {
  graph = await newGraph()
})
afterAll(() => graph.stop())

describe('passwordPolicy', () => {
  test('anybody may read what a new password must be', async () => {
    const { body } = await graph.as(
      null,
      '{ passwordPolicy { minLength maxLength refusesGuessable } }',
    )
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
      await graph.as(administrator, provision, { input: input(change) }),
    ).provisionAccount

  test('[MP-25] [MS-04] an administrator creates an account, and the other rooms are told once', async () => {
    const wanted = input({ email: 'noe@example.org' })
    const { provisionAccount } = dataOf<{ provisionAccount: { userId: string } }>(
      await graph.as(administrator, provision, { input: wanted }),
    )
    const [account] = await graph.admin`select * from auth.account where email = 'NOE@example.org'`
    expect(provisionAccount).toEqual({
      __typename: 'AccountProvisioned',
      userId: toGlobalId('User', account?.id),
    } as never)
    expect(account).toMatchObject({ displayName: 'Noé Lambert', locale: 'fr', roles: ['COACH'] })
    expect(account?.passwordHash).toStartWith('$argon2id$v=19$m=19456,t=2,p=1$')
    const events = await graph.admin`select * from auth.outbox where entity_id = ${account?.id}`
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
      {
        topic: 'auth.audited',
        payload: {
          ...{ action: 'auth.account-created', entity: 'User', entityId: account?.id },
          ...{ actorId: administrator.id, onBehalfOf: null, requestId: null, ip: null },
          detail: { from: [], to: ['COACH'] },
        },
      },
    ])
  })

  test('nobody else may: not a coach, not support, not an anonymous caller', async () => {
    for (const viewer of [viewerWith(['COACH']), viewerWith(['SUPPORT'])]) {
      const { body } = await graph.as(viewer, provision, { input: input() })
      expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    }
    const { body } = await graph.as(null, provision, { input: input() })
    expect(body.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
  })

  test('the same request twice creates one account and gives the same answer', async () => {
    const wanted = input()
    const answers = await Promise.all(
      Array.from({ length: 3 }, () => graph.as(administrator, provision, { input: wanted })),
    )
    const ids = answers.map((answer) => JSON.stringify(dataOf(answer)))
    expect(new Set(ids).size).toBe(1)
    expect(ids[0]).toContain('AccountProvisioned')
    const [row] = await graph.admin`select count(*) from auth.account where email = ${wanted.email}`
    expect(row?.count).toBe(1)
  })

  test('the same key with another request is refused', async () => {
    const wanted = input()
    await graph.as(administrator, provision, { input: wanted })
    const { body } = await graph.as(administrator, provision, {
      input: { ...wanted, displayName: 'Somebody else' },
    })
    expect(body.errors?.[0]?.extensions.code).toBe('IDEMPOTENCY_MISMATCH')
  })

  test('[MS-10] of two people with one e-mail, in any case, one gets the account', async () => {
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
  ])('[MS-04] a fault in %s is named by its path: %o', async (path, change) => {
    expect(await provisioned(change)).toMatchObject({
      __typename: 'ValidationError',
      code: 'VALIDATION',
      path: [path],
    })
  })

  test('[MS-11] the password is kept as a slow hash with a salt of its own, and nowhere else', async () => {
    const people = [input({ password: strong }), input({ password: strong })]
    for (const person of people) await graph.as(administrator, provision, { input: person })
    const hashes = await graph.admin<{ passwordHash: string }[]>`
      select password_hash from auth.account where email in ${graph.admin(people.map(({ email }) => email))}`
    expect(new Set(hashes.map(({ passwordHash }) => passwordHash)).size).toBe(2)
    for (const { passwordHash } of hashes) {
      expect(passwordHash).toStartWith('$argon2id$')
      expect(await Bun.password.verify(strong, passwordHash)).toBe(true)
    }
    for (const table of ['account', 'idempotency', 'outbox']) {
      const rows = await graph.admin`select t::text as row from auth.${graph.admin(table)} as t`
      expect(rows.length).toBeGreaterThan(0)
      expect(JSON.stringify(rows)).not.toContain(strong)
    }
  })
})

describe('User.roles', () => {
  const query = `query ($ids: [_Any!]!) { _entities(representations: $ids) { ... on User { roles } } }`
  const rolesSeenBy = async (viewer: ReturnType<typeof viewerWith>, people: readonly string[]) =>
    graph.as(viewer, query, {
      ids: people.map((id) => ({ __typename: 'User', id: toGlobalId('User', id) })),
    })

  test('an administrator sees what each account may do; who signs in elsewhere has no role', async () => {
    const coach = await addAccount(graph.base.connect('auth', { max: 1 }), { roles: ['COACH'] })
    const stranger = crypto.randomUUID()
    const answer = await rolesSeenBy(viewerWith(['ADMIN']), [coach.id, stranger, coach.id])
    expect(dataOf<unknown>(answer)).toEqual({
      _entities: [{ roles: ['COACH'] }, { roles: [] }, { roles: ['COACH'] }],
    })
  })

  test('nobody else does, not even support', async () => {
    const coach = await addAccount(graph.base.connect('auth', { max: 1 }), { roles: ['COACH'] })
    const { body } = await rolesSeenBy(viewerWith(['SUPPORT']), [coach.id])
    expect(body.errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
  })
})
