import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { posts } from './data.ts'

export const sdl = `${link}
  type Query { posts: [Post!]! }
  interface Post @key(fields: "id") { id: ID!, title: String! }
  type Text implements Post @key(fields: "id") { id: ID!, title: String!, words: Int }
  type Image implements Post @key(fields: "id") { id: ID!, title: String!, width: Int }
`

const byId = ({ id }: Record<string, unknown>) => posts.find((one) => one.id === id)

export const resolvers: Resolvers = {
  Query: { posts: () => posts },
  Post: { __resolveReference: byId },
  Text: { __resolveReference: byId },
  Image: { __resolveReference: byId },
}
