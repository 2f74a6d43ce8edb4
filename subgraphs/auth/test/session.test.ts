import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { toGlobalId } from '#kit/id'
import type { Viewer } from '#kit/identity-token'
import { dataOf, viewerWith } from '../../../stack/testing/subgraph.ts'
import { type Graph, newGraph, now } from './graph.ts'
import { addAccount } from './world.ts'

let graph: Graph
beforeAll(async () => {
  graph = await newGraph()
})
afterAll(() => graph.stop())

type Session = {
  id: string
  current: boolean
  device: string
  ip: string
  place: string | null
  acr: string
  impersonated: boolean
  lastSeenAt: string
}

/** Sessions as the gateway writes them. */
async function addSessions(viewer: Viewer, count: number, change: Record<string, unknown> = {}) {
  const gateway = graph.base.connect('gateway', { max: 1 })
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
  ... on Viewer { sessions { id current device ip place acr impersonated createdAt lastSeenAt expiresAt } }
} }`

async function sessionsSeenBy(viewer: Viewer, whose = viewer): Promise<Session[] | null> {
  const answer = await graph.as(viewer, sessionsQuery, { viewer: toGlobalId('Viewer', whose.id) })
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

  test('says from which network address, or nothing where none is known', async () => {
    const ada = viewerWith(['CLIENT'])
    await addSessions(ada, 1, { ip: '2001:db8:7::/48' })
    await addSessions(ada, 1)
    const seen = await sessionsSeenBy(ada)
    expect(seen?.map(({ ip }) => ip).sort()).toEqual(['', '2001:db8:7::/48'])
  })

  test('says where, at which level, and whether somebody acts for another in it', async () => {
    const ada = viewerWith(['CLIENT'])
    const [plain] = await addSessions(ada, 1)
    const until = new Date(now().getTime() + 60_000)
    const acting = { actingFor: crypto.randomUUID(), actingName: 'Eve', actingRoles: ['CLIENT'] }
    const change = { place: 'Lyon, FR', acr: '2', ...acting, actingUntil: until }
    const [other] = await addSessions(ada, 1, change)
    const seen = new Map((await sessionsSeenBy(ada))?.map((session) => [session.id, session]))
    expect(seen.get(toGlobalId('Session', plain ?? ''))).toMatchObject({
      ...{ place: null, acr: '1', impersonated: false },
    })
    expect(seen.get(toGlobalId('Session', other ?? ''))).toMatchObject({
      ...{ place: 'Lyon, FR', acr: '2', impersonated: true },
    })
  })

  test('no whole address can be kept, whoever writes it', async () => {
    const whole = addSessions(viewerWith(['CLIENT']), 1, { ip: '203.0.113.7' })
    expect(String(await whole.catch((error) => error))).toContain('web_session_network')
  })

  test('fifty sessions cost as many statements as one', async () => {
    const [one, fifty] = [viewerWith(['CLIENT']), viewerWith(['CLIENT'])]
    await addSessions(one, 1)
    await addSessions(fifty, 50)
    const counted = async (viewer: Viewer) => {
      graph.statements.length = 0
      const seen = await sessionsSeenBy(viewer)
      return { nodes: seen?.length, statements: graph.statements.length }
    }
    // A fresh connection reads the catalogue of types once.
    await counted(one)
    const { statements: ofOne } = await counted(one)
    expect(await counted(fifty)).toEqual({ nodes: 50, statements: ofOne })
    expect(graph.statements.filter((text) => text.includes('web_session'))).toHaveLength(1)
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
    const { body } = await graph.as(partner, sessionsQuery, {
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
    dataOf<{ revokeSession: Record<string, unknown> }>(await graph.as(viewer, revoke, { id }))
      .revokeSession

  test('ends the session and tells every gateway its id', async () => {
    const ada = viewerWith(['CLIENT'])
    const [id = ''] = await addSessions(ada, 1)
    const gateway = graph.base.connect('gateway')
    const told = Promise.withResolvers<string>()
    await gateway.listen('web_session', told.resolve)
    const globalId = toGlobalId('Session', id)
    expect(await revoked(ada, globalId)).toEqual({ __typename: 'SessionRevoked', id: globalId })
    expect(await told.promise).toBe(`revoked ${id}`)
    expect(await sessionsSeenBy(ada)).toEqual([])
    const [event] =
      await graph.admin`select topic, payload from auth.outbox where entity_id = ${id}`
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
    const { body } = await graph.as(null, revoke, { id: 'x' })
    expect(body.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
  })
})

describe('many sessions at once', () => {
  const ending = async (viewer: Viewer, field: string) => {
    const answer = await graph.as(viewer, `mutation { ended: ${field} { count } }`)
    return dataOf<{ ended: { count: number } }>(answer).ended.count
  }

  test('the others end, and the one that asks goes on', async () => {
    const [ada, eve] = [viewerWith(['CLIENT']), viewerWith(['CLIENT'])]
    const [own = ''] = await addSessions(ada, 3)
    await addSessions(eve, 1)
    const asking = { ...ada, sessionId: own }
    expect(await ending(asking, 'revokeOtherSessions')).toBe(2)
    expect(await ending(asking, 'revokeOtherSessions')).toBe(0)
    const left = await sessionsSeenBy(asking)
    expect(left?.map(({ id }) => id)).toEqual([toGlobalId('Session', own)])
    expect(await sessionsSeenBy(eve)).toHaveLength(1)
  })

  test('signing out everywhere ends the one that asks too', async () => {
    const [ada, eve] = [viewerWith(['CLIENT']), viewerWith(['CLIENT'])]
    const [own = ''] = await addSessions(ada, 3)
    await addSessions(eve, 1)
    expect(await ending({ ...ada, sessionId: own }, 'revokeAllSessions')).toBe(3)
    expect(await sessionsSeenBy(ada)).toEqual([])
    expect(await sessionsSeenBy(eve)).toHaveLength(1)
  })

  test('and what was lost or not used for long: no sign-in of before opens anything unasked', async () => {
    const ada = viewerWith(['CLIENT'])
    const before = new Date(now().getTime() - 60_000)
    const lost = { revokedAt: before, lostAt: before, endedBecause: 'lost' }
    const ids = [
      ...(await addSessions(ada, 1, lost)),
      ...(await addSessions(ada, 1, { expiresAt: before })),
    ]
    expect(await ending({ ...ada, sessionId: 'own' }, 'revokeAllSessions')).toBe(0)
    const rows = await graph.base.connectAdmin()`
      select revoked_at, lost_at, ended_because from auth.web_session where id = any(${ids})`
    const ended = { revokedAt: now(), lostAt: null, endedBecause: null }
    expect([...rows]).toEqual([ended, ended])
  })

  test.each([
    ['revokeOtherSessions', viewerWith(['CLIENT']), 'somebody', 'FORBIDDEN'],
    ['revokeAllSessions', viewerWith(['CLIENT']), 'somebody', 'FORBIDDEN'],
    ['revokeAllSessions', viewerWith(['PARTNER_APP']), null, 'FORBIDDEN'],
    ['revokeAllSessions', null, null, 'UNAUTHENTICATED'],
  ])('%s is refused to whoever may not end them', async (field, viewer, actor, code) => {
    const { body } = await graph.as(
      viewer && { ...viewer, actor },
      `mutation { ${field} { count } }`,
    )
    expect(body.errors?.[0]?.extensions.code).toBe(code)
  })
})

describe('an administrator', () => {
  const sessionsOfUsers = `query ($users: [_Any!]!) { _entities(representations: $users) {
    ... on User { sessions { id device ip } } } }`
  const seen = async (viewer: Viewer, persons: readonly Viewer[]) => {
    const users = persons.map(({ id }) => ({ __typename: 'User', id: toGlobalId('User', id) }))
    return graph.as(viewer, sessionsOfUsers, { users })
  }
  type Seen = { _entities: { sessions: { id: string }[] }[] }

  test('sees the sessions of each person, in one statement for all of them', async () => {
    const [admin, ada, eve] = [
      viewerWith(['ADMIN']),
      viewerWith(['CLIENT']),
      viewerWith(['CLIENT']),
    ]
    const [older, newer] = await addSessions(ada, 2)
    await addSessions(ada, 1, { revokedAt: now() })
    const [eves] = await addSessions(eve, 1)
    graph.statements.length = 0
    const { _entities } = dataOf<Seen>(await seen(admin, [ada, eve, viewerWith([])]))
    expect(_entities.map(({ sessions }) => sessions.map(({ id }) => id))).toEqual([
      [newer, older].map((id) => toGlobalId('Session', id ?? '')),
      [toGlobalId('Session', eves ?? '')],
      [],
    ])
    expect(graph.statements.filter((text) => text.includes('web_session'))).toHaveLength(1)
  })

  test('and nobody else does', async () => {
    const [ada, eve] = [viewerWith(['CLIENT']), viewerWith(['SUPPORT'])]
    await addSessions(ada, 1)
    const { body } = await seen(eve, [ada])
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })

  const revoke = `mutation ($userId: ID!, $reason: String!) {
    revokeUserSessions(userId: $userId, reason: $reason) {
      __typename ... on SessionsRevoked { count } ... on UserError { code path } } }`
  const revoking = (viewer: Viewer, person: Viewer, reason = 'a lost laptop') =>
    graph.as(viewer, revoke, { userId: toGlobalId('User', person.id), reason })

  test('signs a person out everywhere, and the audit says why', async () => {
    const [admin, ada, eve] = [
      viewerWith(['ADMIN']),
      viewerWith(['CLIENT']),
      viewerWith(['CLIENT']),
    ]
    await addSessions(ada, 2)
    await addSessions(eve, 1)
    expect(dataOf(await revoking(admin, ada))).toEqual({
      revokeUserSessions: { __typename: 'SessionsRevoked', count: 2 },
    })
    expect(await sessionsSeenBy(ada)).toEqual([])
    expect(await sessionsSeenBy(eve)).toHaveLength(1)
    const [entry] = await graph.admin`
      select payload from auth.outbox where topic = 'auth.audited' and entity_id = ${ada.id}`
    expect(entry?.payload).toMatchObject({
      action: 'auth.sessions-revoked',
      actorId: admin.id,
      detail: { count: 2, reason: 'a lost laptop' },
    })
  })

  test('has to say why, and nobody else may', async () => {
    const ada = viewerWith(['CLIENT'])
    await addSessions(ada, 1)
    expect(dataOf(await revoking(viewerWith(['ADMIN']), ada, ' '))).toEqual({
      revokeUserSessions: {
        __typename: 'ValidationError',
        code: 'VALIDATION',
        path: ['reason'],
      },
    })
    const { body } = await revoking(viewerWith(['SUPPORT']), ada)
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    expect(await sessionsSeenBy(ada)).toHaveLength(1)
  })
})

describe('the gateway’s role', () => {
  test('reaches sessions and nothing else of this schema', async () => {
    const gateway = graph.base.connect('gateway')
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
    const auth = graph.base.connect('auth')
    await addAccount(auth)
    expect(await auth`select id from web_session`).toHaveLength(0)
    expect(await auth`select id from account`).toHaveLength(0)
    // The unprotected twin: row-level security does not bind the superuser, who sees both.
    expect(await graph.admin`select id from auth.web_session limit 1`).toHaveLength(1)
    expect(await graph.admin`select id from auth.account limit 1`).toHaveLength(1)
  })
})
