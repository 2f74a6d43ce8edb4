import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { toGlobalId } from '#kit/id'
import { dataOf, viewerWith } from '../../../stack/testing/subgraph.ts'
import { until } from '../../../stack/testing/system.ts'
import { type AuditWorld, auditWorld } from './audit-world.ts'

let world: AuditWorld
beforeAll(async () => {
  world = await auditWorld()
})
afterAll(() => world.stop())

const support = viewerWith(['SUPPORT'])

const query = `query ($first: Int, $after: String, $filter: AuditFilter) {
  auditEvents(first: $first, after: $after, filter: $filter) {
    edges { node { seq source action entity entityId actorId ip requestId detail at hash previousHash } }
    pageInfo { hasNextPage endCursor } } }`

type Node = Record<'seq' | 'source' | 'action' | 'detail' | 'hash' | 'previousHash', string> & {
  entityId: string
  actorId: string | null
  ip: string | null
}
type Page = {
  auditEvents: {
    edges: { node: Node }[]
    pageInfo: { hasNextPage: boolean; endCursor: string | null }
  }
}

async function events(filter: object = {}, page: object = {}, viewer = support) {
  const answer = await world.as(viewer, query, { filter, ...page })
  const { edges, pageInfo } = dataOf<Page>(answer).auditEvents
  return { nodes: edges.map(({ node }) => node), pageInfo }
}

describe('what a room tells of an act', () => {
  test('is a link of the chain, with who did it, what to, and from where', async () => {
    const actorId = crypto.randomUUID()
    const { entityId } = await world.act('auth.password-changed', {
      ...{ actorId, ip: '192.0.2.7', requestId: 'request-1' },
      detail: { why: 'expired' },
    })
    const { nodes } = await events({ entityId })
    expect(nodes).toHaveLength(1)
    expect(nodes[0]).toMatchObject({
      ...{ source: 'auth', action: 'auth.password-changed', entity: 'account', entityId },
      ...{ actorId: toGlobalId('User', actorId), ip: '192.0.2.7', requestId: 'request-1' },
      detail: '{"why": "expired"}',
    })
  })

  test('is kept once, even when the inbox has forgotten that it came', async () => {
    const { id, entityId } = await world.act('auth.password-changed')
    await world.admin`delete from users.inbox where event_id = ${id}`
    await world.admin`delete from bus.event where id = ${id}`
    await world.act('auth.password-changed', {}, { id, entityId })
    const { nodes } = await events({ entityId })
    expect(nodes).toHaveLength(1)
  })

  test('has the hash of the link before it, and numbers without gaps', async () => {
    for (const name of ['one', 'two', 'three']) await world.act(`auth.${name}`)
    const { nodes } = await events({}, { first: 3 })
    const [third, second, first] = nodes
    expect(third?.previousHash).toBe(second?.hash)
    expect(second?.previousHash).toBe(first?.hash)
    expect(Number(third?.seq) - Number(first?.seq)).toBe(2)
  })

  test('is found by person, action, room, entity and time, page by page', async () => {
    const actorId = crypto.randomUUID()
    const at = new Date('2027-02-01T12:00:00Z')
    await world.act('auth.totp-enrolled', { actorId }, { at })
    await world.act('auth.totp-disabled', { onBehalfOf: actorId }, { at })
    await world.act('bookings.booking-voided', { actorId }, { source: 'bookings', at })
    const byPerson = await events({ actorId: toGlobalId('User', actorId) })
    expect(byPerson.nodes.map(({ action }) => action)).toEqual([
      'bookings.booking-voided',
      'auth.totp-disabled',
      'auth.totp-enrolled',
    ])
    expect((await events({ action: 'bookings' })).nodes).toHaveLength(1)
    expect((await events({ action: 'auth.totp-enrolled' })).nodes).toHaveLength(1)
    const window = { from: '2027-02-01T12:00:00Z', to: '2027-02-01T12:00:01Z' }
    const first = await events(window, { first: 2 })
    expect(first.nodes).toHaveLength(2)
    expect(first.pageInfo.hasNextPage).toBe(true)
    const rest = await events(window, { first: 2, after: first.pageInfo.endCursor })
    expect(rest.nodes.map(({ action }) => action)).toEqual(['auth.totp-enrolled'])
    expect(rest.pageInfo.hasNextPage).toBe(false)
  })

  test.each([
    ['a client', viewerWith(['CLIENT'])],
    ['a coach', viewerWith(['COACH'])],
    ['nobody', null],
  ])('is hidden from %s', async (_, viewer) => {
    const { body } = await world.as(viewer, query)
    expect(body.data).toBeNull()
    expect(body.errors?.[0]?.extensions.code).toBe(viewer ? 'FORBIDDEN' : 'UNAUTHENTICATED')
  })
})

describe('what makes no sense', () => {
  test('is kept as it came', async () => {
    const { entityId } = await world.tell('auth.audited', { action: 7 })
    const { nodes } = await events({ entityId })
    expect(nodes[0]).toMatchObject({ action: 'users.audit-malformed', detail: '{"action": 7}' })
  })

  test('told by another room than the one it happened in is named, and raises an alert', async () => {
    const { entityId } = await world.act('auth.password-changed', {}, { source: 'bookings' })
    const { nodes } = await events({ entityId })
    expect(nodes[0]).toMatchObject({ action: 'users.audit-foreign', source: 'bookings' })
    await until(async () =>
      world.lines.some((line) => line.includes('security alert FOREIGN_AUDIT')),
    )
  })
})

describe('nothing of the chain changes or goes', () => {
  const acts = [
    "update users.audit_event set action = 'auth.nothing'",
    'delete from users.audit_event',
    'truncate users.audit_event',
    'update users.audit_head set seq = 0',
    'delete from users.audit_head',
    'truncate users.audit_head',
    'alter table users.audit_event disable trigger all',
  ]
  test.each(acts)('not by the role of a service: %s', async (act) => {
    for (const service of ['users', 'auth', 'bookings', 'billing', 'gateway'] as const) {
      const sql = world.db.connect(service, { max: 1 })
      const tried = sql.begin(async (tx) => {
        await tx`select set_config('app.scopes', 'system audit:read', true)`
        await tx.unsafe(act)
      })
      await expect(
        tried.then(
          () => 'done',
          (error) => error.code,
        ),
      ).resolves.toBe('42501')
    }
  })

  test.each(acts.slice(0, 3))('not by the owner and not by the superuser: %s', async (act) => {
    for (const role of ['own_users', 'postgres']) {
      const tried = world.admin.begin(async (tx) => {
        await tx.unsafe(`set local role ${role}`)
        await tx`select set_config('app.scopes', 'system', true)`
        const { count } = await tx.unsafe(act)
        return count
      })
      // The owner is bound by row-level security, which lets it see no row to change.
      const outcome = await tried.then(
        (count) => count,
        (error) => error.code,
      )
      expect(['42501', 0]).toContain(outcome)
    }
    expect((await events({}, { first: 1 })).nodes).toHaveLength(1)
  })

  test('what a writer says of its place and hash does not count', async () => {
    const sql = world.db.connect('users', { max: 1 })
    const id = crypto.randomUUID()
    await sql.begin(async (tx) => {
      await tx`select set_config('app.scopes', 'system', true)`
      await tx`
        insert into audit_event (
          seq, id, at, recorded_at, source, action, entity, entity_id, detail, previous_hash, hash)
        values (
          999999, ${id}, now(), '2000-01-01', 'auth', 'auth.forged', 'account', ${id}, '{}',
          ${Buffer.alloc(32)}, ${Buffer.alloc(32)})`
    })
    const { nodes } = await events({}, { first: 2 })
    expect(nodes[0]?.previousHash).toBe(nodes[1]?.hash ?? '')
    expect(Number(nodes[0]?.seq)).toBe(Number(nodes[1]?.seq) + 1)
  })

  test('many writers at the same moment make one chain, without a gap', async () => {
    const before = Number((await events({}, { first: 1 })).nodes[0]?.seq)
    const write = () =>
      world.db.connect('users', { max: 4 }).begin(async (tx) => {
        await tx`select set_config('app.scopes', 'system', true)`
        await tx`
          insert into audit_event (id, at, source, action, entity, entity_id, detail)
          values (uuidv7(), now(), 'auth', 'auth.raced', 'account', uuidv7(), '{}')`
      })
    await Promise.all(Array.from({ length: 20 }, write))
    const { nodes } = await events({ action: 'auth.raced' }, { first: 20 })
    expect(nodes.map(({ seq }) => Number(seq))).toEqual(
      Array.from({ length: 20 }, (_, index) => before + 20 - index),
    )
    for (const [index, { previousHash }] of nodes.slice(0, -1).entries()) {
      expect(previousHash).toBe(nodes[index + 1]?.hash ?? '')
    }
  })

  test('a transaction that is rolled back leaves no gap', async () => {
    const sql = world.db.connect('users', { max: 1 })
    const before = (await events({}, { first: 1 })).nodes[0]?.seq
    await sql
      .begin(async (tx) => {
        await tx`select set_config('app.scopes', 'system', true)`
        await tx`
          insert into audit_event (id, at, source, action, entity, entity_id, detail)
          values (${crypto.randomUUID()}, now(), 'auth', 'auth.gone', 'account', ${crypto.randomUUID()}, '{}')`
        throw new Error('rolled back')
      })
      .catch(() => {})
    await world.act('auth.after')
    expect(Number((await events({}, { first: 1 })).nodes[0]?.seq)).toBe(Number(before) + 1)
  })
})
