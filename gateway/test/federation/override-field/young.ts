import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { nameIn } from './data.ts'

export const sdl = `${link}
  type Query { youngUser: User, moved: String @override(from: "old") }
  type User @key(fields: "id") {
    id: ID!
    name: String @override(from: "old")
    greeting: String @requires(fields: "city")
    city: String @external
  }
`

export const resolvers: Resolvers = {
  Query: { youngUser: () => ({ id: '3' }), moved: () => 'young' },
  User: {
    name: nameIn('young'),
    greeting: ({ city }) => `from ${city}`,
  },
}
