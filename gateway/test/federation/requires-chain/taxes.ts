import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Item @key(fields: "id") {
    id: ID!
    net: Int! @external
    gross: Int! @requires(fields: "net")
  }
`

export const resolvers: Resolvers = { Item: { gross: ({ net }) => Number(net) + 10 } }
