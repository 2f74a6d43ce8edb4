import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { toGlobalId } from '#kit/id'
import { type Database, database, systemContext } from '#kit/postgres'
import { dataOf, viewerWith } from '../../../stack/testing/subgraph.ts'
import { admin, register } from './clients.ts'
import { type Graph, newGraph, now } from './graph.ts'

let graph: Graph
let gateway: Database
beforeAll(async () => {
  graph = await newGraph()
  gateway = database(graph.base.connect('gateway'), systemContext)
})
afterAll(() => graph.stop())

const numbers = 'plan pointsPerMinute burst costMax concurrency'
const mutation = `mutation ($input: SetClientPlanInput!) { setClientPlan(input: $input) {
  __typename ... on ClientPlanSet { plan { ${numbers} changedAt } client { clientId } }
  ... on UserError { code path message } } }`

type Result = {
  readonly __typename: string
  readonly plan: Record<string, unknown> | null
  readonly path: string[] | null
}

async function setPlan(input: Record<string, unknown>) {
  const answer = await graph.as(admin, mutation, { input })
  return dataOf<{ setClientPlan: Result }>(answer).setClientPlan
}

const newClient = async () => (await register(graph)).client

/** What the gateways see of a program. */
async function door(clientId: string) {
  const [row] = await gateway.read(
    (sql) => sql`
      select points_per_minute, burst, cost_max, concurrency, ended_at
      from auth.client_door
      where id = ${clientId}`,
  )
  return row
}

const standard = { pointsPerMinute: 30_000, burst: 30_000, costMax: 2_000, concurrency: 20 }

test('the plans that there are, the smallest first', async () => {
  const answer = await graph.as(admin, '{ plans { name pointsPerMinute } }')
  expect(dataOf<{ plans: unknown }>(answer).plans).toEqual([
    { name: 'starter', pointsPerMinute: 6_000 },
    { name: 'standard', pointsPerMinute: 30_000 },
    { name: 'scale', pointsPerMinute: 300_000 },
  ])
})

describe('setClientPlan', () => {
  test('gives a program the numbers of a plan, or its own in their place', async () => {
    const { id, clientId } = await newClient()
    expect(await setPlan({ clientId: id, plan: 'standard' })).toMatchObject({
      __typename: 'ClientPlanSet',
      plan: { plan: 'standard', ...standard, changedAt: now().toISOString() },
      client: { clientId },
    })
    expect(await door(clientId)).toEqual({ ...standard, endedAt: null })
    const own = { pointsPerMinute: 45_000, concurrency: 3 }
    await setPlan({ clientId: id, plan: 'standard', ...own })
    expect(await door(clientId)).toEqual({ ...standard, ...own, endedAt: null })
    const list = `{ apiClients(first: 100) { edges { node { clientId plan { ${numbers} } } } } }`
    type Listed = { apiClients: { edges: { node: { clientId: string; plan: unknown } }[] } }
    const { apiClients } = dataOf<Listed>(await graph.as(admin, list))
    const listed = apiClients.edges.find(({ node }) => node.clientId === clientId)
    expect(listed?.node.plan).toEqual({ plan: 'standard', ...standard, ...own })
  })

  test('without a plan takes it away', async () => {
    const { id, clientId } = await newClient()
    await setPlan({ clientId: id, plan: 'scale' })
    expect(await setPlan({ clientId: id })).toMatchObject({
      __typename: 'ClientPlanSet',
      plan: null,
    })
    expect(await door(clientId)).toMatchObject({ pointsPerMinute: null, costMax: null })
  })

  test('is told to the audit, with the numbers', async () => {
    const { id, clientId } = await newClient()
    await setPlan({ clientId: id, plan: 'starter', burst: 700 })
    const entries = await graph.admin`
      select payload from auth.outbox
      where topic = 'auth.audited' and entity_id = ${clientId}
        and payload ->> 'action' = 'auth.client-plan-changed'`
    expect(entries).toHaveLength(1)
    expect(entries[0]?.payload).toMatchObject({
      ...{ actorId: admin.id, entity: 'ApiClient' },
      detail: { plan: 'starter', burst: 700 },
    })
  })

  test.each([
    ['an unknown plan', { plan: 'endless' }, ['plan']],
    ['no points', { plan: 'starter', pointsPerMinute: 0 }, ['pointsPerMinute']],
    ['too many operations', { plan: 'starter', concurrency: 10_001 }, ['concurrency']],
    ['an operation that costs more than the burst', { plan: 'starter', burst: 99 }, ['costMax']],
  ])('refuses %s, and leaves all as it was', async (_, change, path) => {
    const { id, clientId } = await newClient()
    await setPlan({ clientId: id, plan: 'standard' })
    expect(await setPlan({ clientId: id, ...change })).toMatchObject({
      __typename: 'ValidationError',
      path,
    })
    expect(await door(clientId)).toEqual({ ...standard, endedAt: null })
  })

  test('knows no client that is not there', async () => {
    const unknown = [toGlobalId('ApiClient', crypto.randomUUID()), 'nonsense']
    for (const clientId of unknown)
      expect(await setPlan({ clientId, plan: 'starter' })).toMatchObject({
        __typename: 'NotFoundError',
      })
  })

  test('is for administrators alone', async () => {
    const { id, clientId } = await newClient()
    const input = { clientId: id, plan: 'scale' }
    for (const viewer of [null, viewerWith(['SUPPORT']), viewerWith(['PARTNER_APP'])])
      expect((await graph.as(viewer, mutation, { input })).body.data).toBeNull()
    expect(await door(clientId)).toMatchObject({ burst: null })
  })
})
