import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { decorated: [User!]! }
  type User @key(fields: "id") { id: ID!, badge: String }
`

export const resolvers: Resolvers = {
  Query: { decorated: () => [{ id: '2' }, { id: '1' }] },
  User: { badge: ({ id }) => `badge ${id}` },
}
