import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Doc @key(fields: "slug") {
    slug: ID!
    title: String @external
    body: String @external
    readers: String
    summary: String @requires(fields: "title body")
  }
`

export const resolvers: Resolvers = {
  Doc: {
    readers: ({ slug }) => `readers of ${slug}`,
    summary: ({ title, body }) => `${title}, ${body}`,
  },
}
