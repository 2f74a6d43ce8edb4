import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { bundles } from './data.ts'

export const sdl = `${link}
  type Query { bundles: [Bundle!]! }
  type Bundle @key(fields: "items { sku kind { tag } } main { sku }") {
    items: [Item!]!
    main: Item
  }
  type Item @key(fields: "sku") { sku: ID!, kind: Kind @shareable }
  type Kind @shareable { tag: String }
`

export const resolvers: Resolvers = { Query: { bundles: () => bundles } }
