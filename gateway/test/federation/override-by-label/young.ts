import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { said } from './data.ts'

export const sdl = `${link}
  type Query { youngUser: User }
  type User @key(fields: "id") {
    id: ID!
    never: String @override(from: "old", label: "percent(0)")
    always: String @override(from: "old", label: "percent(100)")
    flagged: String @override(from: "old", label: "beta")
  }
`

export const resolvers: Resolvers = {
  Query: { youngUser: () => ({ id: '2' }) },
  User: { never: said('young'), always: said('young'), flagged: said('young') },
}
