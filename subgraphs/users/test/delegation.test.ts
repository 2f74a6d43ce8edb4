import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { toGlobalId } from '#kit/id'
import type { Viewer } from '#kit/identity-token'
import { dataOf, viewerWith } from '../../../stack/testing/subgraph.ts'
import { until } from '../../../stack/testing/system.ts'
import { type AuditWorld, auditWorld } from './audit-world.ts'

let world: AuditWorld
beforeAll(async () => {
  world = await auditWorld()
})
afterAll(() => world.stop())

async function person(displayName: string, roles: Parameters<typeof viewerWith>[0] = ['CLIENT']) {
  const viewer = viewerWith(roles)
  const email = `${viewer.id}@example.org`
  await world.admin`
    insert into users.person (id, email, display_name) values (${viewer.id}, ${email}, ${displayName})`
  return { ...viewer, acr: '2', email }
}

const grantMutation = `mutation ($input: GrantDelegationInput!) { grantDelegation(input: $input) {
  __typename
  ... on DelegationGranted { delegation { id scopes from { displayName } to { displayName } expiresAt } }
  ... on UserError { code message path } } }`

type Granted = {
  grantDelegation: {
    __typename: string
    path?: string[]
    delegation: { id: string; scopes: string[] }
  }
}

const soon = '2027-02-01T00:00:00.000Z'

const grantInput = (to: Viewer, change: object = {}) => ({
  toUserId: toGlobalId('User', to.id),
  scopes: ['bookings:read'],
  expiresAt: soon,
  reason: 'On holiday',
  ...change,
})

const grant = async (from: Viewer, input: object) =>
  dataOf<Granted>(await world.as(from, grantMutation, { input })).grantDelegation

const listQuery = `{ viewer {
  delegationsGiven { id to { displayName email } scopes reason }
  delegationsReceived { id from { displayName } } actingAs { id } impersonator { displayName } } }`

type List = {
  viewer: {
    delegationsGiven: { id: string; to: { displayName: string; email: string | null } }[]
    delegationsReceived: { id: string; from: { displayName: string } }[]
    actingAs: { id: string } | null
    impersonator: { displayName: string } | null
  }
}

async function listOf(viewer: Viewer) {
  const { body } = await world.as(viewer, listQuery)
  // The test states the shape it then asserts.
  return (body.data as List).viewer
}

const revoke = async (viewer: Viewer, id: string) => {
  const query = `mutation ($id: ID!) { revokeDelegation(id: $id) { __typename } }`
  const answer = await world.as(viewer, query, { id })
  return dataOf<{ revokeDelegation: { __typename: string } }>(answer).revokeDelegation.__typename
}

describe('a delegation', () => {
  test('is given to a person, seen by both sides with names, and by nobody else', async () => {
    const [ada, bob, eve] = [await person('Ada'), await person('Bob'), await person('Eve')]
    const given = await grant(ada, grantInput(bob))
    expect(given).toMatchObject({
      __typename: 'DelegationGranted',
      delegation: {
        ...{ scopes: ['bookings:read'], from: { displayName: 'Ada' }, to: { displayName: 'Bob' } },
        expiresAt: soon,
      },
    })
    const { id } = given.delegation
    expect((await listOf(ada)).delegationsGiven).toMatchObject([{ id, reason: 'On holiday' }])
    expect((await listOf(bob)).delegationsReceived).toMatchObject([
      { id, from: { displayName: 'Ada' } },
    ])
    expect(await listOf(eve)).toMatchObject({ delegationsGiven: [], delegationsReceived: [] })
    expect(await revoke(eve, id)).toBe('NotFoundError')
  })

  test('shows the name of the other side and not their address', async () => {
    const [ada, bob] = [await person('Ada'), await person('Bob')]
    await grant(ada, grantInput(bob))
    const { body } = await world.as(ada, listQuery)
    expect(body.errors?.[0]?.path?.at(-1)).toBe('email')
    expect((await listOf(ada)).delegationsGiven[0]?.to).toMatchObject({ displayName: 'Bob' })
  })

  test('is given by e-mail too', async () => {
    const [ada, bob] = [await person('Ada'), await person('Bob')]
    const given = await grant(ada, grantInput(bob, { toUserId: null, email: bob.email }))
    expect(given.__typename).toBe('DelegationGranted')
  })

  test.each([
    ['a scope that the giver does not hold', { scopes: ['coach'] }, 'scopes'],
    ['a scope that nobody hands on', { scopes: ['self'] }, 'scopes'],
    ['no scope', { scopes: [] }, 'scopes'],
    ['an end that is over', { expiresAt: '2027-01-01T00:00:00Z' }, 'expiresAt'],
    ['an end after a year', { expiresAt: '2028-01-05T00:00:00Z' }, 'expiresAt'],
    ['a reason without end', { reason: 'x'.repeat(501) }, 'reason'],
  ])('is refused with %s', async (_, change, path) => {
    const [ada, bob] = [await person('Ada'), await person('Bob')]
    const refused = await grant(ada, grantInput(bob, change))
    expect(refused).toMatchObject({ __typename: 'ValidationError', path: [path] })
  })

  test('to oneself, to nobody and to somebody unknown is refused alike', async () => {
    const ada = await person('Ada')
    for (const input of [
      grantInput(ada),
      grantInput(ada, { toUserId: null }),
      grantInput(ada, { toUserId: null, email: 'nobody@example.org' }),
    ]) {
      expect((await grant(ada, input)).__typename).toBe('NotFoundError')
    }
  })

  test('takes a second factor', async () => {
    const [ada, bob] = [await person('Ada'), await person('Bob')]
    const input = grantInput(bob)
    const { body } = await world.as({ ...ada, acr: '1' }, grantMutation, { input })
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })

  test('is never given, seen or ended by whoever acts for the giver', async () => {
    const [ada, bob] = [await person('Ada'), await person('Bob')]
    const { id } = (await grant(ada, grantInput(bob))).delegation
    const actor = { ...ada, actor: crypto.randomUUID() }
    const { body } = await world.as(actor, grantMutation, { input: grantInput(bob) })
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    expect((await listOf(actor)).delegationsGiven).toEqual([])
    expect(await revoke(actor, id)).toBe('NotFoundError')
  })

  test.each(['giver', 'delegate'])('is ended by the %s, once', async (who) => {
    const [ada, bob] = [await person('Ada'), await person('Bob')]
    const { id } = (await grant(ada, grantInput(bob))).delegation
    const ends = who === 'giver' ? ada : bob
    expect(await revoke(ends, id)).toBe('DelegationRevoked')
    expect(await revoke(ends, id)).toBe('NotFoundError')
    expect((await listOf(ada)).delegationsGiven).toEqual([])
  })

  test('is a link of the audit when it is given and when it ends', async () => {
    const [ada, bob] = [await person('Ada'), await person('Bob')]
    await revoke(bob, (await grant(ada, grantInput(bob))).delegation.id)
    const actions = () => world.admin<{ action: string; actorId: string }[]>`
      select action, actor_id from users.audit_event
      where actor_id in (${ada.id}, ${bob.id}) order by seq`
    await until(async () => (await actions()).length === 2)
    expect([...(await actions())]).toEqual([
      { action: 'users.delegation-granted', actorId: ada.id },
      { action: 'users.delegation-revoked', actorId: bob.id },
    ])
  })
})

describe('whoever acts as a viewer', () => {
  test('is named: a delegate by the delegation, staff by name', async () => {
    const [ada, bob] = [await person('Ada'), await person('Bob')]
    const { id } = (await grant(ada, grantInput(bob))).delegation
    const delegate = { ...ada, actor: bob.id, scopes: new Set(['bookings:read']) }
    expect(await listOf({ ...ada, actor: bob.id })).toMatchObject({
      ...{ actingAs: null, impersonator: { displayName: 'Bob' } },
    })
    const query = '{ viewer { actingAs { id } impersonator { displayName } } }'
    const { body } = await world.as(delegate, query)
    expect(body.data).toEqual({ viewer: { actingAs: { id }, impersonator: null } })
  })

  test('reads with the eyes of the person and is refused what was not named', async () => {
    const [ada, bob] = [await person('Ada'), await person('Bob')]
    const delegate = { ...ada, actor: bob.id, scopes: new Set(['bookings:read']) }
    const own = await world.as(delegate, '{ viewer { user { displayName email } } }')
    expect(own.body.data).toMatchObject({ viewer: { user: { displayName: 'Ada', email: null } } })
    const change = `mutation { updateProfile(input: { expectedVersion: 1, displayName: "Bob was here" }) { __typename } }`
    const refused = await world.as(delegate, change)
    expect(refused.body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    // The same change by somebody who acts as them whole, and may change things, gets through.
    const whole = await world.as({ ...ada, actor: bob.id }, change)
    expect(whole.body.data).toMatchObject({ updateProfile: { __typename: 'ProfileUpdated' } })
  })

  test('and may only look is refused every change, and what is changed otherwise is audited under both names', async () => {
    const [ada, bob] = [await person('Ada'), await person('Bob')]
    const change = `mutation { updateProfile(input: { expectedVersion: 1, locale: "en" }) { __typename } }`
    const looker = { ...ada, actor: bob.id, scopes: new Set([...ada.scopes, 'read-only']) }
    const refused = await world.as(looker, change)
    expect(refused.body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    expect((await world.as({ ...ada, actor: bob.id }, change)).body.errors).toBeUndefined()
    const acted = () => world.admin`
      select actor_id, on_behalf_of, detail from users.audit_event
      where action = 'users.acted' and on_behalf_of = ${ada.id}`
    await until(async () => (await acted()).length > 0)
    expect([...(await acted())]).toEqual([
      { actorId: bob.id, onBehalfOf: ada.id, detail: { fields: ['updateProfile'] } },
    ])
  })
})
