import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { prices } from './data.ts'

export const sdl = `${link}
  type Query { products: [Product!]! }
  type Product @key(fields: "id") { id: ID!, price(currency: String!): Int }
`

export const resolvers: Resolvers = {
  Query: { products: () => [{ id: '1' }, { id: '2' }] },
  Product: { price: ({ id }, { currency }) => prices[String(id)]?.[String(currency)] },
}
