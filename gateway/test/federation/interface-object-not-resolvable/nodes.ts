import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { nodes } from './data.ts'

export const sdl = `${link}
  type Query { nodes: [Node!]! }
  interface Node @key(fields: "id") { id: ID! }
  type User implements Node @key(fields: "id") { id: ID!, name: String }
  type Team implements Node @key(fields: "id") { id: ID!, size: Int }
`

const byId = ({ id }: Record<string, unknown>) => nodes.find((node) => node.id === id)

export const resolvers: Resolvers = {
  Query: { nodes: () => nodes },
  Node: { __resolveReference: byId },
  User: { __resolveReference: byId },
  Team: { __resolveReference: byId },
}
