import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { fine: Int! }
  type Item @key(fields: "id") { id: ID!, weight: Int }
`

export const resolvers: Resolvers = {
  Query: { fine: () => 1 },
  Item: { weight: ({ id }) => Number(id) * 100 },
}
