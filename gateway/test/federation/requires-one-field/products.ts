import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { products } from './data.ts'

export const sdl = `${link}
  type Query { products: [Product!]!, product(upc: ID!): Product }
  type Product @key(fields: "upc") { upc: ID!, name: String, price: Int, weight: Int }
`

const byUpc = (upc: unknown) => products.find((product) => product.upc === upc)

export const resolvers: Resolvers = {
  Query: { products: () => products, product: (_, { upc }) => byUpc(upc) },
  Product: { __resolveReference: ({ upc }) => byUpc(upc) },
}
