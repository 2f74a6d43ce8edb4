import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { authors } from './data.ts'

export const sdl = `${link}
  type Query { authors: [Author!]! }
  type Author @key(fields: "id") { id: ID!, name: String!, nick: String @shareable }
`

export const resolvers: Resolvers = {
  Query: { authors: () => authors },
  Author: {
    nick: ({ id }) => `nick ${id}`,
    __resolveReference: ({ id }) => authors.find((author) => author.id === id),
  },
}
