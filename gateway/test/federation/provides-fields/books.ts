import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { books } from './data.ts'

export const sdl = `${link}
  type Query { book: Book }
  type Book @key(fields: "id") { id: ID!, title: String!, year: Int, author: Author }
  type Author @key(fields: "id") { id: ID!, name: String, born: Int }
`

export const resolvers: Resolvers = {
  Query: { book: () => books[0] },
  Book: { __resolveReference: ({ id }) => books.find((book) => book.id === id) },
  Author: {
    __resolveReference: ({ id }) => books.map(({ author }) => author).find((one) => one.id === id),
  },
}
