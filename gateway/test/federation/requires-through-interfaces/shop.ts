import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { carts } from './data.ts'

export const sdl = `${link}
  type Query { carts: [Cart!]! }
  type Cart @key(fields: "id") { id: ID!, items: [Item!]!, gift: Item }
  interface Item { id: ID! }
  interface Titled { title: String }
  interface Priced implements Item { id: ID!, price: Int }
  type Book implements Item & Titled @shareable { id: ID!, title: String, pages: Int }
  type Seat implements Item & Priced @shareable { id: ID!, price: Int, row: Int }
`

export const resolvers: Resolvers = { Query: { carts: () => carts } }
