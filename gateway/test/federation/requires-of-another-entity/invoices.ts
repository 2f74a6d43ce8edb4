import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Order @key(fields: "id") {
    id: ID!
    buyer: User @external
    lines: [Line!]! @external
    terms: String @requires(fields: "buyer { tier }")
    total: Int @requires(fields: "lines { count product { cost } }")
  }
  type Line @shareable { product: Product!, count: Int! }
  type User @key(fields: "id") { id: ID!, tier: String @external }
  type Product @key(fields: "sku") { sku: ID!, cost: Int @external }
`

type Line = { readonly count: number; readonly product: { readonly cost: number } }
type Order = { readonly buyer: { readonly tier: string } | null; readonly lines: readonly Line[] }

export const resolvers: Resolvers = {
  Order: {
    terms: ({ buyer }: Order) => `as ${buyer?.tier}`,
    total: ({ lines }: Order) =>
      lines.reduce((sum, { count, product }) => sum + count * product.cost, 0),
  },
}
