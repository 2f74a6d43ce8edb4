import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { things } from './data.ts'

export const sdl = `${link}
  type Query { products: [Product!]!, readables: [Readable!]! }
  interface Product @key(fields: "id") { id: ID! }
  interface Readable @key(fields: "isbn") { isbn: ID! }
  type Ebook implements Product & Readable @key(fields: "id") @key(fields: "isbn") {
    id: ID!
    isbn: ID!
    pages: Int
  }
  type Chair implements Product @key(fields: "id") { id: ID!, legs: Int }
`

const find = ({ id, isbn }: Record<string, unknown>) =>
  things.find((thing) => thing.id === id || (isbn !== undefined && thing.isbn === isbn))

export const resolvers: Resolvers = {
  Query: { products: () => things, readables: () => [things[0]] },
  Product: { __resolveReference: find },
  Readable: { __resolveReference: find },
  Ebook: { __resolveReference: find },
  Chair: { __resolveReference: find },
}
