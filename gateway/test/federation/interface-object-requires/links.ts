import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { pinned: [Post] }
  type Post @key(fields: "id") @interfaceObject {
    id: ID!
    title: String! @external
    slug: String @requires(fields: "title")
  }
`

export const resolvers: Resolvers = {
  Query: { pinned: () => [{ id: '2' }, null, { id: '1' }] },
  Post: { slug: ({ id, title }) => `${id}-${String(title).toLowerCase()}` },
}
