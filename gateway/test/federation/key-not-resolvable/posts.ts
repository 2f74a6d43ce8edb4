import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { posts: [Post!]!, lead: Author }
  type Post { text: String!, author: Author, others: [[Author!]] }
  type Author @key(fields: "id", resolvable: false) { id: ID! }
`

const never = () => {
  throw new Error('This subgraph resolves no author.')
}

export const resolvers: Resolvers = {
  Query: {
    lead: () => ({ id: '2' }),
    posts: () => [
      { text: 'One', author: { id: '1' }, others: [[{ id: '2' }, { id: '1' }]] },
      { text: 'Two', author: null, others: null },
      { text: 'Three', author: { id: '2' }, others: [[], null] },
    ],
  },
  Author: { __resolveReference: never },
}
