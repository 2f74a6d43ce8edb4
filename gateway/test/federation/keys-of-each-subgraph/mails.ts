import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { writer: User, unknownWriter: User }
  type User @key(fields: "email") { email: String!, unread: Int }
`

export const resolvers: Resolvers = {
  Query: {
    writer: () => ({ email: 'b@example.org' }),
    unknownWriter: () => ({ email: 'nobody@example.org' }),
  },
  User: { unread: ({ email }) => String(email).length },
}
