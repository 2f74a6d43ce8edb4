import type { Viewer } from '#kit/identity-token'
import { dataOf, viewerWith } from '../../../stack/testing/subgraph.ts'
import type { Graph } from './graph.ts'

export const admin = viewerWith(['ADMIN'])

const fields = 'id hash name kind document cost client clientName clientVersion contract retiredAt'

const publishMutation = `mutation ($input: PublishOperationsInput!) { publishOperations(input: $input) {
  __typename
  ... on OperationsPublished { accepted unchanged operations { ${fields} } }
  ... on OperationRejectedError { name hash cost limit }
  ... on UserError { code message path } } }`
const changeMutation = (name: string, result: string) => `mutation ($id: ID!) { ${name}(id: $id) {
  __typename ... on ${result} { operation { ${fields} } } ... on UserError { code message path } } }`
export const listQuery = `query ($first: Int, $after: String, $client: String, $search: String) {
  persistedOperations(first: $first, after: $after, client: $client, search: $search) {
    edges { node { ${fields} calls p95Ms lastSeenAt firstSeenAt } } pageInfo { hasNextPage endCursor } } }`

export type Operation = {
  id: string
  hash: string
  name: string
  cost: number
  client: string
  clientName: string
  calls: number
  p95Ms: number | null
  lastSeenAt: string | null
  retiredAt: string | null
}
type Publication = {
  __typename: string
  accepted: number
  unchanged: number
  operations: Operation[]
  code: string
  message: string
  path: string[]
  cost: number | null
  limit: number
}

type Texts = Readonly<Record<string, string>>

/** What publishing these texts, by name, answered. */
export async function publish(graph: Graph, viewer: Viewer, clientName: string, texts: Texts) {
  const operations = Object.entries(texts).map(([name, document]) => ({ name, document }))
  const input = { clientName, clientVersion: '1.0', operations }
  const answer = await graph.as(viewer, publishMutation, { input })
  return dataOf<{ publishOperations: Publication }>(answer).publishOperations
}

export const publishRefused = async (graph: Graph, viewer: Viewer | null) => {
  const input = {
    clientName: 'web',
    operations: [{ name: 'A', document: 'query A { __typename }' }],
  }
  return (await graph.as(viewer, publishMutation, { input })).body.errors?.[0]?.extensions.code
}

type Changed = { __typename: string; operation: Operation }

export async function retireOperation(graph: Graph, viewer: Viewer, id: string) {
  const answer = await graph.as(viewer, changeMutation('retireOperation', 'OperationRetired'), {
    id,
  })
  return (
    answer.body.errors?.[0]?.extensions.code ??
    dataOf<{ retireOperation: Changed }>(answer).retireOperation
  )
}

export async function restoreOperation(graph: Graph, viewer: Viewer, id: string) {
  const answer = await graph.as(viewer, changeMutation('restoreOperation', 'OperationRestored'), {
    id,
  })
  return (
    answer.body.errors?.[0]?.extensions.code ??
    dataOf<{ restoreOperation: Changed }>(answer).restoreOperation
  )
}

export async function listed(graph: Graph, variables: Record<string, unknown> = {}) {
  const answer = await graph.as(admin, listQuery, variables)
  const { persistedOperations } = dataOf<{
    persistedOperations: {
      edges: { node: Operation }[]
      pageInfo: { hasNextPage: boolean; endCursor: string }
    }
  }>(answer)
  return { ...persistedOperations, nodes: persistedOperations.edges.map(({ node }) => node) }
}
