import type { Resolvers } from '../harness/subgraph.ts'
import { books } from './data.ts'

export const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
  type Query { books: [Book!]!, pairs: [[Book]], best: Book }
  type Book @key(fields: "isbn") { isbn: ID!, title: String! }
`

export const resolvers: Resolvers = {
  Query: {
    books: () => books,
    pairs: () => [[books[0], books[1]], null, [null, books[1]]],
    best: () => books[1],
  },
  Book: { __resolveReference: ({ isbn }) => books.find((book) => book.isbn === isbn) },
}
