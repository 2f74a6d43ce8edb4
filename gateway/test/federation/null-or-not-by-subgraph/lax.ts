import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { items } from './data.ts'

export const sdl = `${link}
  type Query { lax: [Item], nothing: Book }
  union Item = Book | Film
  type Person { name: String @shareable }
  type Club { name: String @shareable }
  type Book @key(fields: "id") { id: ID!, label: String @shareable, rank: Int @shareable, extra: Int }
  type Film @key(fields: "id") { id: ID!, label: String @shareable, rank: Int @shareable, extra: Int }
`

export const resolvers: Resolvers = {
  Query: { lax: () => items, nothing: () => ({ id: '1', label: null }) },
  Book: { extra: () => 5 },
  Film: { extra: () => 6 },
}
