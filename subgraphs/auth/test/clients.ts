import { randomUUID } from 'node:crypto'
import { toGlobalId } from '#kit/id'
import { dataOf, viewerWith } from '../../../stack/testing/subgraph.ts'
import type { Graph } from './graph.ts'

export const admin = viewerWith(['ADMIN'])

const fields = 'id clientId name scopes rateLimitPerMinute createdAt lastUsedAt disabledAt'

export const registerMutation = `mutation ($input: RegisterClientInput!) { registerApiClient(input: $input) {
  __typename ... on ClientRegistered { client { ${fields} } secretShownOnce } ... on UserError { code message path } } }`
export const rotateMutation = `mutation ($id: ID!) { rotateClientSecret(id: $id) {
  __typename ... on ClientSecretRotated { client { ${fields} } secretShownOnce } ... on UserError { code message path } } }`
export const disableMutation = `mutation ($id: ID!) { disableApiClient(id: $id) {
  __typename ... on ApiClientDisabled { client { ${fields} } } ... on UserError { code message path } } }`
export const listQuery = `query ($first: Int, $after: String) { apiClients(first: $first, after: $after) {
  edges { cursor node { ${fields} } } pageInfo { hasNextPage endCursor } } }`

export type ApiClient = {
  id: string
  clientId: string
  name: string
  scopes: string[]
  rateLimitPerMinute: number
  lastUsedAt: string | null
  disabledAt: string | null
}
export type Registered = {
  __typename: string
  client: ApiClient
  secretShownOnce: string
  code: string
  path: string[] | null
}

export const inputOf = (change: Record<string, unknown> = {}) => ({
  idempotencyKey: randomUUID(),
  name: `Partner ${randomUUID()}`,
  scopes: ['bookings:read', 'bookings:write'],
  ...change,
})

/** What the administrator's mutation answered, of whatever type. */
export async function register(graph: Graph, input: Record<string, unknown> = inputOf()) {
  const answer = await graph.as(admin, registerMutation, { input })
  return dataOf<{ registerApiClient: Registered }>(answer).registerApiClient
}

/** One of the mutations that take the id of a client. */
export async function change(graph: Graph, mutation: string, clientId: string) {
  const answer = await graph.as(admin, mutation, { id: toGlobalId('ApiClient', clientId) })
  const [result] = Object.values(dataOf<Record<string, Registered>>(answer))
  if (!result) throw new Error('The mutation answered nothing.')
  return result
}
