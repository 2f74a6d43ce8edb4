import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Thing @key(fields: "id") { id: ID!, price: Int }
`

export const resolvers: Resolvers = { Thing: { price: ({ id }) => Number(id) * 10 } }
