import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { ids } from './data.ts'

export const sdl = `${link}
  type Query { fromOne: [Node!]! }
  type Node @key(fields: "id") {
    id: ID!
    a1: String!
    c2: String! @external
    a3: String! @requires(fields: "c2")
  }
`

export const resolvers: Resolvers = {
  Query: { fromOne: () => ids.map((id) => ({ id })) },
  Node: { a1: ({ id }) => `a${id}`, a3: ({ c2 }) => `${c2}a` },
}
