import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { said } from './data.ts'

export const sdl = `${link}
  type Query { user: User }
  type User @key(fields: "id") { id: ID!, never: String, always: String, flagged: String }
`

export const resolvers: Resolvers = {
  Query: { user: () => ({ id: '1' }) },
  User: { never: said('old'), always: said('old'), flagged: said('old') },
}
