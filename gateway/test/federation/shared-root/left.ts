import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { me } from './data.ts'

export const sdl = `${link}
  type Query { me: User @shareable, everybody: [User!]! @shareable, onlyLeft: Int, time: Int! @shareable }
  type User @key(fields: "id") { id: ID!, name: String }
  type Mutation { left: Int! }
`

export const resolvers: Resolvers = {
  Query: { me: () => me, everybody: () => [me], onlyLeft: () => 1, time: () => 12 },
  User: { __resolveReference: () => me },
  Mutation: { left: () => 1 },
}
