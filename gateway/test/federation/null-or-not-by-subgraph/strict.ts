import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { items } from './data.ts'

export const sdl = `${link}
  type Query { items: [Item!]! @shareable }
  union Item = Book | Film
  type Book @key(fields: "id") { id: ID!, label: String! @shareable, rank: Int! @shareable, by: Person }
  type Film @key(fields: "id") { id: ID!, label: String @shareable, rank: Int @shareable, by: Club }
  type Person { name: String! @shareable }
  type Club { name: String @shareable }
`

export const resolvers: Resolvers = { Query: { items: () => items } }
