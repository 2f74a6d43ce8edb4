import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { of } from './data.ts'

export const sdl = `${link}
  type Query { fresh: Doc }
  type Doc @key(fields: "id") @key(fields: "slug") {
    id: ID!
    slug: ID! @shareable @override(from: "old")
    title: String @override(from: "old")
  }
`

export const resolvers: Resolvers = {
  Query: { fresh: () => ({ id: '3' }) },
  Doc: { slug: of('young'), title: of('young') },
}
