import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { ids } from './data.ts'

export const sdl = `${link}
  type Query { products: [Product!]! }
  type Product @key(fields: "id") { id: ID!, size: Size @shareable, name: String }
  type Size { width: Int, unit: Unit @shareable }
  type Unit { symbol: String }
`

export const resolvers: Resolvers = {
  Query: { products: () => ids.map((id) => ({ id, name: `product ${id}` })) },
  Product: { size: ({ id }) => ({ width: Number(id) * 10, unit: { symbol: 'cm' } }) },
}
