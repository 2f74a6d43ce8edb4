import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { book } from './data.ts'

export const sdl = `${link}
  type Query { viewer: Viewer @shareable, best: Medium }
  type Viewer @shareable { id: ID!, likes: Medium, since: Int }
  type Shelf @key(fields: "id") { id: ID!, top: Medium @shareable, count: Int }
  union Medium = Book
  type Book @key(fields: "id") { id: ID!, title: String @shareable, pages: Int }
`

export const resolvers: Resolvers = {
  Query: { viewer: () => ({ id: 'v', likes: book, since: 2020 }), best: () => book },
  // This subgraph knows no films, so what stands on the shelf is nothing to it.
  Shelf: { top: () => null, count: () => 1 },
  Book: { pages: () => 400 },
}
