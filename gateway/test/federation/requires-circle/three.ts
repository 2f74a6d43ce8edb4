import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { ids } from './data.ts'

export const sdl = `${link}
  type Query { fromThree: Node }
  type Node @key(fields: "id") {
    id: ID!
    b1: String! @external
    c2: String! @requires(fields: "b1")
    b3: String! @external
    c4: String! @requires(fields: "b3")
  }
`

export const resolvers: Resolvers = {
  Query: { fromThree: () => ({ id: ids[0] }) },
  Node: { c2: ({ b1 }) => `${b1}c`, c4: ({ b3 }) => `${b3}c` },
}
