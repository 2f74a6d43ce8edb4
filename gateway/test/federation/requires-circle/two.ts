import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { ids } from './data.ts'

export const sdl = `${link}
  type Query { fromTwo: Node }
  type Node @key(fields: "id") {
    id: ID!
    a1: String! @external
    b1: String! @requires(fields: "a1")
    a3: String! @external
    b3: String! @requires(fields: "a3")
  }
`

export const resolvers: Resolvers = {
  Query: { fromTwo: () => ({ id: ids[1] }) },
  Node: { b1: ({ a1 }) => `${a1}b`, b3: ({ a3 }) => `${a3}b` },
}
