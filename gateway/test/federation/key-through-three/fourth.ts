import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { chain } from './data.ts'

export const sdl = `${link}
  type Query { fromFourth: Doc }
  type Doc @key(fields: "c") { c: ID!, fourth: String }
`

export const resolvers: Resolvers = {
  Query: { fromFourth: () => ({ c: chain[1]?.c }) },
  Doc: { fourth: ({ c }) => `fourth ${c}` },
}
