import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { createEmbeddedBus } from '#kit/bus.embedded'
import { toGlobalId } from '#kit/id'
import type { Viewer } from '#kit/identity-token'
import { createLog } from '#kit/log'
import { database, systemContext } from '#kit/postgres'
import type { Role } from '#schema/scopes'
import { dataOf, viewerWith } from '../../../stack/testing/subgraph.ts'
import { until } from '../../../stack/testing/system.ts'
import { consumeDelegations } from '../impersonation/arrival.ts'
import { endOverdue } from '../impersonation/watch.ts'
import { setSessionRoles } from '../session/step-up.ts'
import { type Graph, newGraph, now } from './graph.ts'
import { addAccount } from './world.ts'

let graph: Graph
let publish: (
  topic: string,
  payload: { delegationId: string; [key: string]: string | string[] },
) => Promise<void>
let stopBus: () => Promise<unknown>

beforeAll(async () => {
  graph = await newGraph()
  const log = createLog({ service: 'auth', level: 'silent' })
  const users = await createEmbeddedBus({ url: graph.base.url('users'), service: 'users', log })
  const bus = await createEmbeddedBus({ url: graph.base.url('auth'), service: 'auth', log })
  const consumer = consumeDelegations({ sql: graph.base.connect('auth'), bus, log })
  publish = async (topic, payload) => {
    const id = Bun.randomUUIDv7()
    const entityId = payload.delegationId
    await users.publish([{ id, topic, entityId, payload, headers: {}, at: now() }])
    await until(async () => {
      const handled = await graph.admin`select from auth.inbox where event_id = ${id}`
      return handled.length > 0
    })
  }
  stopBus = async () => {
    await consumer.stop()
    await Promise.all([users.stop(), bus.stop()])
  }
})
afterAll(async () => {
  await stopBus()
  await graph.stop()
})

/** Somebody with an account, signed in with a second factor in one browser. */
async function person(roles: Role[] = ['CLIENT'], displayName = 'Ada Moreau') {
  const account = await addAccount(graph.base.connect('auth', { max: 1 }), { roles, displayName })
  const [session] = await graph.admin<{ id: string }[]>`
    insert into auth.web_session ${graph.admin({
      ...{ idHash: randomBytes(32), personId: account.id, subject: account.id, roles },
      ...{ tokens: Buffer.from('sealed'), device: 'Firefox' },
      expiresAt: new Date(now().getTime() + 3_600_000),
      absoluteEnd: new Date(now().getTime() + 7_200_000),
    })} returning id`
  return { ...viewerWith(roles, account.id), acr: '2', sessionId: session?.id ?? '' }
}

const startMutation = `mutation ($input: StartImpersonationInput!) { startImpersonation(input: $input) {
  __typename ... on ImpersonationStarted { endsAt displayName } ... on UserError { message path } } }`

const reason = 'Ticket 4711: the invoice does not open'
type Outcome = { __typename: string; endsAt?: string; path?: string[] }

async function start(viewer: Viewer, userId: string, change: object = {}): Promise<Outcome> {
  const input = { userId: toGlobalId('User', userId), reason, ...change }
  const answer = await graph.as(viewer, startMutation, { input })
  return dataOf<{ startImpersonation: Outcome }>(answer).startImpersonation
}

const sessionOf = async ({ sessionId }: Viewer) => {
  const [row] = await graph.admin`
    select acting_for, acting_name, acting_roles, acting_scopes, acting_read_only, acting_until
    from auth.web_session where id = ${sessionId}`
  return row
}

const end = async (viewer: Viewer, name = 'endImpersonation') => {
  const answer = await graph.as(viewer, `mutation { ${name} { ended } }`)
  return dataOf<Record<string, { ended: boolean }>>(answer)[name]?.ended
}

const told = async (actorId: string) =>
  (
    await graph.admin<{ payload: { action: string; onBehalfOf: string; detail: object } }[]>`
      select payload from auth.outbox
      where topic = 'auth.audited' and payload ->> 'actorId' = ${actorId} order by seq`
  ).map(({ payload: { action, onBehalfOf, detail } }) => ({ action, onBehalfOf, detail }))

const as = (viewer: Viewer, personId: string): Viewer => ({
  ...viewer,
  ...{ id: personId, actor: viewer.id, scopes: viewerWith(['CLIENT']).scopes },
})

describe('startImpersonation', () => {
  test('makes the session act for the person, for fifteen minutes, to look only', async () => {
    const [support, ada] = [await person(['SUPPORT']), await person()]
    expect(await start(support, ada.id)).toEqual({
      ...{ __typename: 'ImpersonationStarted', displayName: 'Ada Moreau' },
      endsAt: '2027-01-04T09:15:00.000Z',
    })
    expect(await sessionOf(support)).toEqual({
      ...{ actingFor: ada.id, actingName: 'Ada Moreau', actingRoles: ['CLIENT'] },
      ...{ actingScopes: null, actingReadOnly: true },
      actingUntil: new Date('2027-01-04T09:15:00Z'),
    })
    expect(await told(support.id)).toEqual([
      {
        ...{ action: 'auth.impersonation-started', onBehalfOf: ada.id },
        detail: { reason, minutes: 15, readOnly: true },
      },
    ])
  })

  test.each([
    ['a reason of nine characters', { reason: ' 123456789 ' }, 'ValidationError', 'reason'],
    ['sixteen minutes', { minutes: 16 }, 'ValidationError', 'minutes'],
    ['no minute', { minutes: 0 }, 'ValidationError', 'minutes'],
    ['a wish to change things, by support', { readOnly: false }, 'ForbiddenError', 'readOnly'],
  ])('is refused with %s', async (_, change, __typename, path) => {
    const [support, ada] = [await person(['SUPPORT']), await person()]
    expect(await start(support, ada.id, change)).toMatchObject({ __typename, path: [path] })
    expect((await sessionOf(support))?.actingFor).toBeNull()
  })

  test('lets an administrator change things', async () => {
    const [admin, ada] = [await person(['ADMIN']), await person()]
    expect(await start(admin, ada.id, { readOnly: false })).toMatchObject({
      endsAt: expect.any(String),
    })
    expect((await sessionOf(admin))?.actingReadOnly).toBe(false)
  })

  const pairs: [Role, Role, string][] = [
    ['SUPPORT', 'ADMIN', 'ForbiddenError'],
    ['SUPPORT', 'SUPPORT', 'ForbiddenError'],
    ['ADMIN', 'ADMIN', 'ForbiddenError'],
    ['ADMIN', 'SUPPORT', 'ImpersonationStarted'],
    ['SUPPORT', 'COACH', 'ImpersonationStarted'],
    ['SUPPORT', 'PARTNER_APP', 'ForbiddenError'],
  ]
  test.each(pairs)('%s as %s: %s', async (who, whom, outcome) => {
    const [actor, target] = [await person([who]), await person([whom])]
    expect((await start(actor, target.id)).__typename).toBe(outcome)
  })

  test('is refused as oneself, as nobody, as somebody disabled, and outside of a session of one own', async () => {
    const [admin, ada] = [await person(['ADMIN', 'CLIENT']), await person()]
    expect((await start(admin, admin.id)).__typename).toBe('ForbiddenError')
    expect((await start(admin, crypto.randomUUID())).__typename).toBe('NotFoundError')
    expect((await start({ ...admin, sessionId: null }, ada.id)).__typename).toBe('ForbiddenError')
    const stranger = { ...admin, sessionId: ada.sessionId }
    expect((await start(stranger, ada.id)).__typename).toBe('ForbiddenError')
    await graph.admin`update auth.account set disabled_at = now() where id = ${ada.id}`
    expect((await start(admin, ada.id)).__typename).toBe('NotFoundError')
  })

  test.each([
    ['without a second factor', ['SUPPORT'], { acr: '1' }],
    ['by a client', ['CLIENT'], {}],
    ['by a coach', ['COACH'], {}],
    ['by whoever acts for another already', ['SUPPORT'], { actor: crypto.randomUUID() }],
  ] as const)('is forbidden %s', async (_, roles, change) => {
    const [viewer, ada] = [await person([...roles]), await person()]
    const input = { userId: toGlobalId('User', ada.id), reason }
    const { body } = await graph.as({ ...viewer, ...change }, startMutation, { input })
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })

  test('of two at the same moment in one session one begins', async () => {
    const [support, ada, bob] = [await person(['SUPPORT']), await person(), await person()]
    const outcomes = await Promise.all([start(support, ada.id), start(support, bob.id)])
    expect(outcomes.map(({ __typename }) => __typename).sort()).toEqual([
      'ForbiddenError',
      'ImpersonationStarted',
    ])
  })
})

describe('an impersonation ends', () => {
  const overdue = (at: Date) =>
    endOverdue(database(graph.base.connect('auth', { max: 1 }), systemContext), () => at)
  const whyOf = async (actorId: string) => (await told(actorId)).at(-1)?.detail

  test('when it is asked to, and the session is its own again', async () => {
    const [support, ada] = [await person(['SUPPORT']), await person()]
    await start(support, ada.id)
    const acting = as(support, ada.id)
    const looker = { ...acting, scopes: new Set([...acting.scopes, 'read-only']) }
    expect(await end(looker)).toBe(true)
    expect((await sessionOf(support))?.actingFor).toBeNull()
    expect(await end(acting)).toBe(false)
    expect(await whyOf(support.id)).toEqual({ why: 'asked' })
    expect((await start(support, ada.id)).__typename).toBe('ImpersonationStarted')
  })

  test('never by somebody else than who began it', async () => {
    const [support, ada] = [await person(['SUPPORT']), await person()]
    await start(support, ada.id)
    expect(await end({ ...as(support, ada.id), actor: crypto.randomUUID() })).toBe(false)
    expect(await end(ada)).toBe(false)
  })

  test('by itself at its time, and is told once', async () => {
    const [support, ada] = [await person(['SUPPORT']), await person()]
    await start(support, ada.id)
    await overdue(new Date('2027-01-04T09:14:59Z'))
    expect((await sessionOf(support))?.actingFor).toBe(ada.id)
    await overdue(new Date('2027-01-04T09:15:00Z'))
    await overdue(new Date('2027-01-04T09:15:01Z'))
    expect((await sessionOf(support))?.actingFor).toBeNull()
    expect((await told(support.id)).map(({ action }) => action)).toEqual([
      'auth.impersonation-started',
      'auth.impersonation-ended',
    ])
    expect(await whyOf(support.id)).toEqual({ why: 'expired' })
  })

  test('with its session, and with the role that it was begun by', async () => {
    const [first, second, ada] = [
      await person(['SUPPORT']),
      await person(['SUPPORT']),
      await person(),
    ]
    await start(first, ada.id)
    await start(second, ada.id)
    await graph.admin`update auth.web_session set revoked_at = ${now()} where id = ${first.sessionId}`
    await database(graph.base.connect('auth', { max: 1 }), systemContext).write((sql) =>
      setSessionRoles(sql, { personId: second.id, roles: ['CLIENT'], at: now() }),
    )
    await overdue(now())
    expect(await whyOf(first.id)).toEqual({ why: 'session-ended' })
    expect(await whyOf(second.id)).toEqual({ why: 'right-lost' })
  })
})

describe('a delegate', () => {
  const actForMutation = `mutation ($id: ID!) { actFor(delegationId: $id) {
    __typename ... on ActingStarted { endsAt displayName scopes } ... on UserError { message } } }`
  type Acting = {
    __typename: string
    displayName?: string
    endsAt?: string
    scopes?: string[]
  }

  async function delegation(change: Partial<Record<'scopes', string[]>> = {}) {
    const [ada, bob] = [await person(['CLIENT'], 'Ada'), await person(['CLIENT'], 'Bob')]
    const delegationId = Bun.randomUUIDv7()
    await publish('users.delegation-granted', {
      ...{
        delegationId,
        fromId: ada.id,
        toId: bob.id,
        scopes: ['bookings:read', 'bookings:write'],
      },
      ...{ expiresAt: '2027-02-01T00:00:00.000Z', ...change },
    })
    return { ada, bob, delegationId }
  }

  const actFor = async (viewer: Viewer, id: string) => {
    const answer = await graph.as(viewer, actForMutation, { id: toGlobalId('Delegation', id) })
    return dataOf<{ actFor: Acting }>(answer).actFor
  }

  test('acts with the named scopes that the giver holds, until the delegation ends', async () => {
    const { ada, bob, delegationId } = await delegation({ scopes: ['bookings:read', 'coach'] })
    expect(await actFor(bob, delegationId)).toEqual({
      ...{ __typename: 'ActingStarted', displayName: 'Ada', scopes: ['bookings:read'] },
      endsAt: '2027-02-01T00:00:00.000Z',
    })
    expect(await sessionOf(bob)).toMatchObject({
      ...{ actingFor: ada.id, actingName: 'Ada', actingScopes: ['bookings:read', 'coach'] },
    })
    expect(await told(bob.id)).toMatchObject([
      { action: 'auth.delegation-started', onBehalfOf: ada.id, detail: { delegationId } },
    ])
  })

  test('is somebody whom the delegation names, and nobody else', async () => {
    const { ada, delegationId } = await delegation()
    const eve = await person()
    expect((await actFor(eve, delegationId)).__typename).toBe('NotFoundError')
    expect((await actFor(ada, delegationId)).__typename).toBe('NotFoundError')
    expect((await actFor(eve, crypto.randomUUID())).__typename).toBe('NotFoundError')
  })

  test('acts no more when it is revoked, at once, and cannot begin again', async () => {
    const { bob, delegationId } = await delegation()
    await actFor(bob, delegationId)
    await publish('users.delegation-revoked', { delegationId })
    expect((await sessionOf(bob))?.actingFor).toBeNull()
    expect((await told(bob.id)).at(-1)?.detail).toEqual({ why: 'withdrawn', delegationId })
    expect((await actFor(bob, delegationId)).__typename).toBe('NotFoundError')
  })

  test('is refused when the giver holds nothing of it any more', async () => {
    const { bob, delegationId } = await delegation({ scopes: ['coach'] })
    expect((await actFor(bob, delegationId)).__typename).toBe('ForbiddenError')
  })

  test('ends it when they like', async () => {
    const { ada, bob, delegationId } = await delegation()
    await actFor(bob, delegationId)
    const acting = { ...as(bob, ada.id), scopes: new Set(['bookings:read']) }
    expect(await end(acting, 'endActing')).toBe(true)
    expect((await sessionOf(bob))?.actingFor).toBeNull()
  })
})
