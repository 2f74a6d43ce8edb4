import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { parcel: Product }
  type Product @key(fields: "id") {
    id: ID!
    price(currency: String!): Int @external
    fee(percent: Int!): Int @requires(fields: "price(currency: \\"EUR\\")")
    inDollars: String @requires(fields: "price(currency: \\"USD\\")")
    isCheap: Boolean @requires(fields: "price(currency: \\"EUR\\")")
  }
`

export const resolvers: Resolvers = {
  Query: { parcel: () => ({ id: '2' }) },
  Product: {
    fee: ({ price }, { percent }) => (Number(price) * Number(percent)) / 100,
    inDollars: ({ price }) => `${price} USD`,
    isCheap: ({ price }) => Number(price) < 15,
  },
}
