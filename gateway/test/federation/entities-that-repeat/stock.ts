import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { stock } from './data.ts'

export const sdl = `${link}
  type Item @key(fields: "sku") { sku: ID!, left: Int, shelves: [Shelf!] }
  type Shelf { name: String!, item: Item! }
`

export const resolvers: Resolvers = {
  Item: {
    __resolveReference: ({ sku }) => (stock[String(sku)] ? { sku } : null),
    left: ({ sku }) => stock[String(sku)],
    shelves: ({ sku }) => [{ name: `shelf ${sku}`, item: { sku } }],
  },
}
