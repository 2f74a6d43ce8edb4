import type { Resolvers } from '../harness/subgraph.ts'
import { book, song } from './data.ts'

export const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
  type Query { libraryOnly: [Media] }
  union Media = Book | Song
  type Book @key(fields: "id") { id: ID!, title: String @shareable, pages: Int }
  type Song { title: String }
`

export const resolvers: Resolvers = {
  Query: { libraryOnly: () => [song, book] },
  Book: { __resolveReference: ({ id }) => (id === book.id ? book : null) },
}
