import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { products } from './data.ts'

export const sdl = `${link}
  type Query { products: [Product!]!, sold: [Sold!]! }
  interface Product { id: ID! }
  union Thing = Book | Film
  type Sold @key(fields: "id") { id: ID!, things: [Thing!]! }
  type Book implements Product @key(fields: "id") { id: ID!, pages: Int!, author: Person! }
  type Film implements Product @key(fields: "id") { id: ID!, minutes: Int!, crew: [Person!]! }
  type Person @key(fields: "id") { id: ID! }
`

export const resolvers: Resolvers = {
  Query: { products: () => products, sold: () => [{ id: 's', things: products }] },
  Book: { __resolveReference: ({ id }) => products.find((one) => one.id === id) },
  Film: { __resolveReference: ({ id }) => products.find((one) => one.id === id) },
}
