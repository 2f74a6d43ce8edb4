import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { where } from './data.ts'

export const sdl = `${link}
  type Doc @key(fields: "b") @key(fields: "c") { b: ID!, c: ID! }
`

export const resolvers: Resolvers = { Doc: { __resolveReference: where } }
