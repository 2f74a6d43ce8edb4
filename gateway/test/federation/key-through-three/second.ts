import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { where } from './data.ts'

export const sdl = `${link}
  type Doc @key(fields: "a") @key(fields: "b") { a: ID!, b: ID! }
`

export const resolvers: Resolvers = { Doc: { __resolveReference: where } }
