import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { byEmail, byId, users } from './data.ts'

export const sdl = `${link}
  type Query { users: [User!]! }
  type User @key(fields: "id") @key(fields: "email") { id: ID!, email: String!, name: String }
`

export const resolvers: Resolvers = {
  Query: { users: () => users },
  User: { __resolveReference: ({ id, email }) => byId(id) ?? byEmail(email) },
}
