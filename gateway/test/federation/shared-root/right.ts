import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { me } from './data.ts'

export const sdl = `${link}
  type Query { me: User @shareable, everybody: [User!]! @shareable, onlyRight: Int, time: Int! @shareable }
  type User @key(fields: "id") { id: ID!, email: String }
  type Mutation { right: Int! }
`

export const resolvers: Resolvers = {
  Query: { me: () => me, everybody: () => [me], onlyRight: () => 2, time: () => 12 },
  User: { __resolveReference: () => me },
  Mutation: { right: () => 2 },
}
