import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { newest: Item }
  type Item @key(fields: "id") {
    id: ID!
    gross: Int! @external
    label: String! @requires(fields: "gross")
  }
`

export const resolvers: Resolvers = {
  Query: { newest: () => ({ id: '2' }) },
  Item: { label: ({ gross }) => `costs ${gross}` },
}
