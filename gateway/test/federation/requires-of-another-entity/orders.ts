import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { orders } from './data.ts'

export const sdl = `${link}
  type Query { orders: [Order!]! }
  type Order @key(fields: "id") { id: ID!, buyer: User, lines: [Line!]! }
  type Line @shareable { product: Product!, count: Int! }
  type User @key(fields: "id") { id: ID! }
  type Product @key(fields: "sku") { sku: ID! }
`

export const resolvers: Resolvers = {
  Query: { orders: () => orders },
  Line: { product: ({ sku }) => ({ sku }) },
}
