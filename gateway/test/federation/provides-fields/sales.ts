import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { books } from './data.ts'

export const sdl = `${link}
  type Query {
    bestseller: Book @provides(fields: "title")
    chart: [Sale!]!
    plain: Book
  }
  type Sale { book: Book! @provides(fields: "title author { name }"), count: Int! }
  type Book @key(fields: "id") {
    id: ID!
    title: String! @external
    author: Author @external
    sold: Int
  }
  type Author @key(fields: "id") { id: ID!, name: String @external }
`

const ofSale = ({ id, title, author }: (typeof books)[number]) => ({ id, title, author })

export const resolvers: Resolvers = {
  Query: {
    bestseller: () => books[1],
    chart: () => books.map((book, index) => ({ book: ofSale(book), count: 10 - index })),
    // A title that is not promised is not there.
    plain: () => ({ id: '1' }),
  },
  Book: { sold: ({ id }) => Number(id) * 100 },
}
