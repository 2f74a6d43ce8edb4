import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { media } from './data.ts'

export const sdl = `${link}
  type Query { media: [Media!]! }
  interface Media @key(fields: "id") { id: ID!, title: String! }
  type Book implements Media @key(fields: "id") { id: ID!, title: String!, pages: Int }
  type Film implements Media @key(fields: "id") { id: ID!, title: String!, minutes: Int }
`

const byId = ({ id }: Record<string, unknown>) => media.find((one) => one.id === id)

export const resolvers: Resolvers = {
  Query: { media: () => media },
  Media: { __resolveReference: byId },
  Book: { __resolveReference: byId },
  Film: { __resolveReference: byId },
}
