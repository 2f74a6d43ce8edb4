import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { users } from './data.ts'

export const sdl = `${link}
  type Query { me: String @shareable, users(first: Int!): [String!]! @shareable }
`

export const resolvers: Resolvers = { Query: users }
