import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Cart @key(fields: "id") {
    id: ID!
    items: [Item!]! @external
    gift: Item @external
    named: String @requires(fields: "items { id }")
    wrapped: String @requires(fields: "gift { id }")
    types: String @requires(fields: "items { __typename } gift { __typename id }")
  }
  interface Item { id: ID! }
  interface Titled { title: String }
  interface Priced implements Item { id: ID!, price: Int }
  type Book implements Item & Titled @shareable { id: ID!, title: String, pages: Int }
  type Seat implements Item & Priced @shareable { id: ID!, price: Int, row: Int }
`

type Item = {
  readonly __typename?: string
  readonly id?: string
  readonly title?: string
  readonly price?: number
}
type Cart = { readonly items: readonly Item[]; readonly gift: Item }

export const resolvers: Resolvers = {
  Cart: {
    named: ({ items }: Cart) => items.map(({ title, price }) => `${title} ${price}`).join(', '),
    wrapped: ({ gift: { id, title } }: Cart) => `${id} ${title}`,
    types: ({ items, gift }: Cart) =>
      [...items, gift].map(({ __typename }) => __typename).join(' '),
  },
}
