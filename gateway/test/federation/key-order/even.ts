import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { two: Int, four: Int }
  type Node @key(fields: "id") { id: ID!, b: String, d: String }
`

export const resolvers: Resolvers = {
  Query: { two: () => 2, four: () => 4 },
  Node: { b: ({ id }) => `b${id}`, d: ({ id }) => `d${id}` },
}
