import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { nodes } from './data.ts'

export const sdl = `${link}
  type Query { nodes: [Node!]!, one: Int, three: Int }
  type Node @key(fields: "id") { id: ID!, a: Int, c: Int, e: Int, twin: Node }
`

export const resolvers: Resolvers = {
  Query: { nodes: () => nodes, one: () => 1, three: () => 3 },
  Node: {
    __resolveReference: ({ id }) => nodes.find((node) => node.id === id),
    twin: (node) => node,
  },
}
