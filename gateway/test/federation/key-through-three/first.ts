import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { chain } from './data.ts'

export const sdl = `${link}
  type Query { fromFirst: [Doc!]! }
  type Doc @key(fields: "a") { a: ID!, first: String }
`

export const resolvers: Resolvers = {
  Query: { fromFirst: () => chain.map(({ a }) => ({ a })) },
  Doc: { first: ({ a }) => `first ${a}` },
}
