import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { ids } from './data.ts'

export const sdl = `${link}
  type Query {
    mandatory(id: ID!): User!
    optional(id: ID!): User
    all: [User!]!
    some: [User]!
    whole: [User!]
    wrapped: Wrapper
    nested: [[User!]]
  }
  type Wrapper { inner: Inner! , note: String! }
  type Inner { user: User! }
  type User @key(fields: "id") { id: ID!, since: Int }
`

const users = ids.map((id) => ({ id, since: 2000 }))
const byId = (_: unknown, { id }: Record<string, unknown>) => ({ id, since: 2000 })

export const resolvers: Resolvers = {
  Query: {
    mandatory: byId,
    optional: byId,
    all: () => users,
    some: () => users,
    whole: () => users,
    wrapped: () => ({ note: 'here', inner: { user: users[1] } }),
    nested: () => [[users[0]], users, null],
  },
}
