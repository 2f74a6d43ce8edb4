import type { Resolvers } from '../harness/subgraph.ts'
import { book, film } from './data.ts'

export const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
  type Query { media: [Media]! @shareable, favourite: Media @shareable, shopOnly: [Media] }
  union Media = Book | Film
  type Book @key(fields: "id") { id: ID!, title: String @shareable }
  type Film @key(fields: "id") { id: ID!, title: String @shareable }
`

const byId = ({ id }: Record<string, unknown>) => [book, film].find((one) => one.id === id)

export const resolvers: Resolvers = {
  Query: { media: () => [book, film], favourite: () => film, shopOnly: () => [film, null, book] },
  Book: { __resolveReference: byId },
  Film: { __resolveReference: byId },
}
