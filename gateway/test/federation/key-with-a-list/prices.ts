import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { said } from './data.ts'

export const sdl = `${link}
  type Bundle @key(fields: "items { sku kind { tag } } main { sku }") {
    items: [Item!]!
    main: Item
    price: String
  }
  type Item @key(fields: "sku") { sku: ID!, kind: Kind @shareable, cost: Int }
  type Kind @shareable { tag: String }
`

export const resolvers: Resolvers = {
  Bundle: { price: (bundle: Parameters<typeof said>[0]) => `price of ${said(bundle)}` },
  Item: { cost: ({ sku }) => (sku === 'a' ? 1 : 2) },
}
