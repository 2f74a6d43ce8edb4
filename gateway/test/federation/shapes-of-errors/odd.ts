import type { SubgraphQuery } from '../harness/subgraph.ts'
import { oddErrors } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query {
  coded: String
  placeless: String
  astray: String
  deeper: Deep
  odd: String
  nameless: String
  twice: String
}
type Deep { inner: [String!]! }
type Thing @key(fields: "id") { id: ID!, size: Int, weight: Int }
`

export const resolvers = {}

/** Null for the one field that it is asked for, with that field's errors. */
export function answer({ query }: SubgraphQuery): Response {
  if (query.includes('_entities'))
    return Response.json({
      data: { _entities: [{ __typename: 'Thing', id: '1', size: 3, weight: null }] },
      errors: [{ message: 'Heavy.', path: ['_entities', 9, 'weight'] }],
    })
  const field = Object.keys(oddErrors).find((name) => query.includes(name)) ?? ''
  return Response.json({ data: { [field]: null }, errors: oddErrors[field] })
}
