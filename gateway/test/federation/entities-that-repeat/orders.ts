import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { order } from './data.ts'

export const sdl = `${link}
  type Query { lines: [Line!]!, items: [Item]!, page: Page! }
  type Page { top: Item, lines: [Line!]! }
  type Line { item: Item!, count: Int! }
  type Item @key(fields: "sku") { sku: ID! }
`

const lines = order.map((sku, index) => ({ item: { sku }, count: index }))

export const resolvers: Resolvers = {
  Query: {
    lines: () => lines,
    items: () => [...order.map((sku) => ({ sku })), null],
    page: () => ({ top: { sku: '2' }, lines: lines.slice(0, 3) }),
  },
}
