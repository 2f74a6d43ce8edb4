import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { cheapest: Product }
  type Product @key(fields: "upc") {
    upc: ID!
    price: Int @external
    weight: Int @external
    shipping: Int @requires(fields: "price weight")
    said: String @requires(fields: "weight")
    inStock: Boolean
  }
`

export const resolvers: Resolvers = {
  Query: { cheapest: () => ({ upc: '3' }) },
  Product: {
    shipping: ({ price, weight }) => (weight === null ? null : Number(price) + Number(weight)),
    // `undefined` would say that the field was left out.
    said: ({ weight }) => String(weight),
    inStock: ({ upc }) => upc !== '2',
  },
}
