import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { cart, users } from './data.ts'

export const sdl = `${link}
  type Query {
    cart: [String!]!
    self: Query!
    me: String @shareable
    users(first: Int!): [String!]! @shareable
  }
  type Mutation { put(item: String!): PutPayload! }
  type PutPayload { count: Int!, query: Query! }
`

export const resolvers: Resolvers = {
  Query: { ...users, cart: () => [...cart], self: () => ({}) },
  Mutation: { put: (_, { item }) => ({ count: cart.push(String(item)), query: {} }) },
}
