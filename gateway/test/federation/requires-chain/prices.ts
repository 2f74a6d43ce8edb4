import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { items } from './data.ts'

export const sdl = `${link}
  type Query { items: [Item!]! }
  type Item @key(fields: "id") {
    id: ID!
    net: Int!
    label: String! @external
    tag: String! @requires(fields: "label")
  }
`

export const resolvers: Resolvers = {
  Query: { items: () => items },
  Item: {
    __resolveReference: (reference) => ({
      ...items.find(({ id }) => id === reference.id),
      ...reference,
    }),
    tag: ({ label }) => `<${label}>`,
  },
}
