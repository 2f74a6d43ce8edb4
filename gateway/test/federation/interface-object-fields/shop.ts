import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { products } from './data.ts'

export const sdl = `${link}
  type Query { products: [Product!]!, top: Product, groups: [[Product]!] }
  interface Product @key(fields: "id") { id: ID!, name: String! }
  type Book implements Product @key(fields: "id") { id: ID!, name: String!, pages: Int }
  type Film implements Product @key(fields: "id") { id: ID!, name: String!, minutes: Int }
`

const byId = ({ id }: Record<string, unknown>) => products.find((one) => one.id === id)

export const resolvers: Resolvers = {
  Query: {
    products: () => products,
    top: () => products[0],
    groups: () => [[products[1], null], [], [products[0], products[1]]],
  },
  Product: { __resolveReference: byId },
  Book: { __resolveReference: byId },
  Film: { __resolveReference: byId },
}
