import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { items } from './data.ts'

export const sdl = `${link}
  type Query { parcels: Int! }
  type Mutation { empty: Int! }
  type Cart @key(fields: "id") {
    id: ID!
    count: Int! @external
    fee: String! @requires(fields: "count")
    seen: Int!
  }
`

export const resolvers: Resolvers = {
  Query: { parcels: () => 1 },
  Mutation: { empty: () => items.splice(0).length },
  Cart: { fee: ({ count }) => `for ${count}`, seen: () => items.length },
}
