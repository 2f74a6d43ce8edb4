import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { media } from './data.ts'

export const sdl = `${link}
  type Query { all: [Medium!]! }
  interface Medium { id: ID!, title: String }
  type Book implements Medium @key(fields: "id") { id: ID!, title: String, pages: Int }
  type Film implements Medium @key(fields: "id") { id: ID!, title: String, minutes: Int }
`

const byId = ({ id }: Record<string, unknown>) => media.find((one) => one.id === id)

export const resolvers: Resolvers = {
  Query: { all: () => media },
  Book: { __resolveReference: byId },
  Film: { __resolveReference: byId },
}
