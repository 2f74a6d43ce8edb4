import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { hits } from './data.ts'

export const sdl = `${link}
  type Query { search: [Hit], best: Hit, pages: [[Hit!]!]!, response: Response! }
  union Hit = Song | Artist | Label
  type Song @key(fields: "isrc") { isrc: ID! }
  type Artist @key(fields: "id") { id: ID! }
  type Label @key(fields: "code country") { code: ID!, country: String! }
  type Response { hit: Hit, other: Hit }
`

export const resolvers: Resolvers = {
  Query: {
    search: () => [...hits, null],
    best: () => hits[3],
    pages: () => [hits.slice(0, 2), [], hits.slice(2)],
    response: () => ({ hit: hits[0], other: hits[1] }),
  },
}
