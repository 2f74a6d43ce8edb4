import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { noDurations } from '#kit/durations'
import { dataOf, viewerWith } from '../../../stack/testing/subgraph.ts'
import { type Graph, newGraph, now } from './graph.ts'

let graph: Graph
const club = crypto.randomUUID()
const document = 'query Card { coach(slug: "a") { headline } }'
const hash = createHash('sha256').update(document).digest('hex')

beforeAll(async () => {
  graph = await newGraph()
  const sql = graph.base.connectAdmin()
  await sql`
    insert into auth.operation (client, hash, name, kind, document, cost, contract)
    values ('partner', ${hash}, 'Card', 'query', ${document}, 1, 'partner')`
  await sql`
    insert into auth.api_client (id, name, secret_hash, scopes, rate_limit_per_minute)
    values (${club}, 'Club Lagune', ${Buffer.alloc(32)}, '{bookings:read}', 60)`
  const day = now().toISOString().slice(0, 10)
  const use = { client: 'partner', hash, failed: 0, durations: noDurations(), lastAt: now() }
  const uses = [
    { ...use, day, caller: 'acme', calls: 3 },
    { ...use, day, caller: club, calls: 4 },
    { ...use, day: '2020-01-01', caller: 'old', calls: 100 },
  ]
  await sql`insert into gateway.operation_use ${sql(uses)}`
})
afterAll(() => graph.stop())

const admin = viewerWith(['ADMIN'])
const query = `query ($first: Int, $after: String, $filter: FieldUsageFilter) {
  fieldUsages(first: $first, after: $after, filter: $filter) {
    edges { node { coordinate deprecation calls operations clients { client clientName calls } } }
    pageInfo { hasNextPage endCursor } } }`

type Node = { coordinate: string } & Record<string, unknown>
type Page = { edges: { node: Node }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }

async function page(variables: Record<string, unknown>) {
  const data = dataOf<{ fieldUsages: Page }>(await graph.as(admin, query, variables))
  return data.fieldUsages
}

test('a field tells who called it in the last 30 days, and which operations ask for it', async () => {
  const { edges } = await page({ filter: { search: 'coach.headline' } })
  expect(edges).toEqual([
    {
      node: {
        ...{ coordinate: 'Coach.headline', deprecation: null, calls: 7, operations: ['Card'] },
        clients: [
          { client: club, clientName: 'Club Lagune', calls: 4 },
          { client: 'acme', clientName: 'acme', calls: 3 },
        ],
      },
    },
  ])
})

test('pages follow each other by coordinate, and end', async () => {
  const filter = { search: 'Coach.' }
  const all = (await page({ first: 100, filter })).edges.map(({ node }) => node.coordinate)
  const one = await page({ first: 2, filter })
  const two = await page({ first: 100, filter, after: one.pageInfo.endCursor })
  const seen = [...one.edges, ...two.edges].map(({ node }) => node.coordinate)
  expect(one.pageInfo.hasNextPage).toBe(true)
  expect(seen).toEqual(all)
})

test('nobody sees it without the scope', async () => {
  const answer = await graph.as(viewerWith(['SUPPORT']), query, {})
  expect(JSON.stringify(answer.body)).toContain('FORBIDDEN')
})
