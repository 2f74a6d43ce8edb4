import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Pool } from '#kit/postgres'
import type { Role } from '#schema/scopes'
import type { Person } from '../testing/person.ts'
import { type TestSystem, testSystem, until } from '../testing/system.ts'

let system: TestSystem
let database: Pool
beforeAll(async () => {
  system = await testSystem()
  database = system.db.connectAdmin()
})
afterAll(() => system.stop())

type Someone = { person: Person; viewerId: string; userId: string; uuid: string }

const uuidOf = (globalId: string) =>
  Buffer.from(globalId, 'base64url').toString().split(':')[1] ?? ''

/** A new person, signed in and at level 2 as if they had just proven a second factor. */
async function someone(displayName: string, roles: readonly Role[] = ['CLIENT']): Promise<Someone> {
  const person = await system.person(displayName, roles)
  const { viewer } = await person.ask<{ viewer: { id: string; user: { id: string } } }>(
    '{ viewer { id user { id } } }',
  )
  const uuid = uuidOf(viewer.id)
  await database`
    update auth.web_session set acr = '2', acr_at = now() where person_id = ${uuid}`
  return { person, viewerId: viewer.id, userId: viewer.user.id, uuid }
}

const startMutation = `mutation ($input: StartImpersonationInput!) { startImpersonation(input: $input) {
  __typename ... on UserError { message } } }`
const reason = 'Ticket 4711: the invoice does not open'

async function impersonate({ person }: Someone, { userId }: Someone, change: object = {}) {
  const input = { userId, reason, ...change }
  const answer = await until2(person, input)
  expect(answer).toBe('ImpersonationStarted')
}

/** The session's new level reaches the gateway a moment after it was written. */
async function until2(person: Person, input: object): Promise<string> {
  let name = ''
  await until(async () => {
    const { body } = await person.graph({ query: startMutation, variables: { input } })
    const started = body.data?.startImpersonation
    name = String(Object(started).__typename ?? '')
    return name !== ''
  })
  return name
}

type Me = {
  viewer: {
    id: string
    scopes: string[]
    user: { displayName: string } | null
    impersonator: { displayName: string } | null
  }
}
const me = async ({ person }: Someone) =>
  (
    await person.ask<Me>(
      '{ viewer { id scopes user { displayName } impersonator { displayName } } }',
    )
  ).viewer

const isAgain = (who: Someone) => until(async () => (await me(who)).id === who.viewerId, 2_000)

const renameMutation = `mutation { updateProfile(input: { expectedVersion: 1, displayName: "Changed" }) {
  __typename } }`
const nameOf = async ({ uuid }: Someone) => {
  const [row] = await database`select display_name from users.person where id = ${uuid}`
  return row?.displayName
}

describe('a member of staff who acts as a client', () => {
  test('sees what the client sees, is named to the page, and has no scope to change anything', async () => {
    const [support, ada] = [await someone('Sam', ['SUPPORT']), await someone('Ada')]
    await impersonate(support, ada)
    expect(await me(support)).toEqual({
      ...{ id: ada.viewerId, user: { displayName: 'Ada' } },
      ...{ impersonator: { displayName: 'Sam' }, scopes: ['bookings:read', 'read-only', 'self'] },
    })
    const session = await (await support.person.send('/auth/session')).json()
    expect(session).toMatchObject({ displayName: 'Ada', actor: 'Sam', readOnly: true })
  })

  test('is refused every change; the same one gets through where looking only is not asked for', async () => {
    const [support, admin] = [await someone('Sam', ['SUPPORT']), await someone('Max', ['ADMIN'])]
    const ada = await someone('Ada')
    await impersonate(support, ada)
    const { body } = await support.person.graph({ query: renameMutation })
    expect(body.errors?.[0]).toMatchObject({
      message: 'You are acting for somebody else and may only look.',
      extensions: { code: 'FORBIDDEN' },
    })
    expect(await nameOf(ada)).toBe('Ada')
    await impersonate(admin, ada, { readOnly: false })
    expect((await admin.person.graph({ query: renameMutation })).body.errors).toBeUndefined()
    expect(await nameOf(ada)).toBe('Changed')
  })

  test('sees nothing of how the client signs in, and cannot end their sessions', async () => {
    const [admin, ada] = [await someone('Max', ['ADMIN']), await someone('Ada')]
    await impersonate(admin, ada, { readOnly: false })
    const { viewer } = await admin.person.ask<{ viewer: { sessions: object[] } }>(
      '{ viewer { sessions { id } } }',
    )
    expect(viewer.sessions).toEqual([])
    const { body } = await admin.person.graph({ query: 'mutation { revokeAllSessions { count } }' })
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    expect((await me(ada)).id).toBe(ada.viewerId)
  })

  test('is themselves again when they say so, and when the time is over', async () => {
    const [support, ada] = [await someone('Sam', ['SUPPORT']), await someone('Ada')]
    await impersonate(support, ada)
    await support.person.ask('mutation { endImpersonation { ended } }')
    await isAgain(support)
    await impersonate(support, ada)
    await database`
      update auth.web_session set acting_until = now() where acting_for = ${ada.uuid}`
    await isAgain(support)
  })

  test('is named in the log and in the audit, with the reason and each change', async () => {
    const [admin, ada] = [await someone('Max', ['ADMIN']), await someone('Ada')]
    await impersonate(admin, ada, { readOnly: false })
    await admin.person.graph({ query: renameMutation })
    await admin.person.ask('mutation { endImpersonation { ended } }')
    const line = system.lines.find((one) => one.includes(`"actor_id":"${admin.uuid}"`))
    expect(line).toContain(`"user_id":"${ada.uuid}"`)
    const query = `query ($filter: AuditFilter) { auditEvents(filter: $filter) { edges { node {
      action actor { displayName } onBehalfOf { displayName } detail } } } }`
    type Node = { action: string; actor: object; onBehalfOf: object; detail: string }
    type Found = { auditEvents: { edges: { node: Node }[] } }
    const reader = await system.admin()
    let nodes: Node[] = []
    await until(async () => {
      const found = await reader.ask<Found>(query, { filter: { actorId: ada.userId } })
      nodes = found.auditEvents.edges.map(({ node }) => node)
      return nodes.filter(({ onBehalfOf }) => onBehalfOf !== null).length === 3
    })
    const acts = nodes.filter(({ onBehalfOf }) => onBehalfOf !== null)
    // Two rooms tell of them, each in its own order.
    expect(acts.map(({ action }) => action).sort()).toEqual([
      ...['auth.impersonation-ended', 'auth.impersonation-started', 'users.acted'],
    ])
    const started = acts.find(({ action }) => action === 'auth.impersonation-started')
    expect(started?.detail).toContain(reason)
    expect(acts[0]?.actor).toEqual({ displayName: 'Max' })
  })
})

describe('a right that is lost while somebody acts by it', () => {
  const rolesMutation = `mutation ($input: SetAccountRolesInput!) { setAccountRoles(input: $input) {
    __typename } }`
  async function give({ userId }: Someone, roles: Role[]) {
    const { person } = await someone('Root', ['ADMIN'])
    const input = { userId, roles, reason: 'A new task' }
    await until(async () => {
      const { body } = await person.graph({ query: rolesMutation, variables: { input } })
      return Object(body.data?.setAccountRoles).__typename === 'AccountChanged'
    })
  }

  test('an administrator who is support only changes nothing more', async () => {
    const [max, ada] = [await someone('Max', ['ADMIN']), await someone('Ada')]
    await impersonate(max, ada, { readOnly: false })
    await give(max, ['SUPPORT'])
    await isAgain(max)
  })

  test('support does not become an administrator with whom they act as', async () => {
    const [support, ada] = [await someone('Sam', ['SUPPORT']), await someone('Ada')]
    await impersonate(support, ada)
    await give(ada, ['ADMIN'])
    await isAgain(support)
    expect((await me(support)).scopes).not.toContain('ledger:read')
  })
})

describe('a delegate', () => {
  const grantMutation = `mutation ($input: GrantDelegationInput!) { grantDelegation(input: $input) {
    __typename ... on DelegationGranted { delegation { id } } } }`
  type Granted = { grantDelegation: { delegation: { id: string } } }

  async function delegation(from: Someone, to: Someone, scopes: string[]) {
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString()
    const input = { toUserId: to.userId, scopes, expiresAt }
    const answer = await from.person.ask<Granted>(grantMutation, { input })
    return answer.grantDelegation.delegation.id
  }
  const actFor = ({ person }: Someone, id: string) =>
    until(async () => {
      const query = `mutation ($id: ID!) { actFor(delegationId: $id) { __typename } }`
      const answer = await person.ask<{ actFor: { __typename: string } }>(query, { id })
      return answer.actFor.__typename === 'ActingStarted'
    })

  test('holds the named scopes and nothing beside, and is themselves again a second after it is revoked', async () => {
    const [ada, bob] = [await someone('Ada'), await someone('Bob')]
    const id = await delegation(ada, bob, ['bookings:read'])
    await actFor(bob, id)
    expect(await me(bob)).toMatchObject({
      ...{ id: ada.viewerId, scopes: ['bookings:read', 'read-only'], impersonator: null },
    })
    const { body } = await bob.person.graph({ query: '{ viewer { user { displayName email } } }' })
    expect(body.data).toMatchObject({ viewer: { user: { displayName: 'Ada', email: null } } })
    await ada.person.ask('mutation ($id: ID!) { revokeDelegation(id: $id) { __typename } }', { id })
    await isAgain(bob)
  })

  test('loses a scope when the giver does', async () => {
    const [lea, bob] = [await someone('Lea', ['COACH']), await someone('Bob')]
    await actFor(bob, await delegation(lea, bob, ['coach', 'bookings:read']))
    expect((await me(bob)).scopes).toEqual(['bookings:read', 'coach'])
    await database`
      update auth.web_session set acting_roles = '{CLIENT}' where acting_for = ${lea.uuid}`
    await until(async () => (await me(bob)).scopes.join() === 'bookings:read', 2_000)
  })
})

describe('a sign-in', () => {
  test('[MP-42] of a person in a browser reaches the analytics and dates the person', async () => {
    const admin = await system.admin()
    const counted = async () => {
      const { loginDays } = await admin.ask<{ loginDays: { count: number }[] }>(
        '{ loginDays(days: 1) { day kind count } }',
      )
      return loginDays.reduce((sum, { count }) => sum + count, 0)
    }
    const { userId, uuid } = await someone('Ada')
    await until(async () => {
      const [row] = await database`
        select count(*)::int as count from auth.web_session where not silent`
      return (await counted()) === row?.count
    })
    const query = 'query ($id: ID!) { user(id: $id) { lastLoginAt } }'
    const { user } = await admin.ask<{ user: { lastLoginAt: string } }>(query, { id: userId })
    const [session] = await database`
      select created_at from auth.web_session where person_id = ${uuid}`
    const apartMs = Math.abs(Date.parse(user.lastLoginAt) - session?.createdAt.getTime())
    expect(apartMs).toBeLessThan(60_000)
  })
})
