import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { cartNow, items } from './data.ts'

export const sdl = `${link}
  type Query { cart: Cart! }
  type Mutation { put(item: String!): Cart!, putAll(items: [String!]!): [Cart!]! }
  type Cart @key(fields: "id") { id: ID!, count: Int!, items: [String!]! }
`

const put = (item: unknown) => {
  items.push(String(item))
  return cartNow()
}

export const resolvers: Resolvers = {
  Query: { cart: cartNow },
  Mutation: { put: (_, { item }) => put(item), putAll: (_, { items }) => [items].flat().map(put) },
}
