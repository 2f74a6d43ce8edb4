import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { book, film } from './data.ts'

export const sdl = `${link}
  type Query { viewer: Viewer @shareable, shelf: Shelf }
  type Viewer @shareable { id: ID!, likes: Medium }
  type Shelf @key(fields: "id") { id: ID!, top: Medium @shareable }
  union Medium = Book | Film
  type Book @key(fields: "id") { id: ID!, title: String @shareable }
  type Film @key(fields: "id") { id: ID!, title: String @shareable }
`

export const resolvers: Resolvers = {
  Query: { viewer: () => ({ id: 'v', likes: book }), shelf: () => ({ id: 's' }) },
  Shelf: { top: () => film },
}
