import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { ids } from './data.ts'

export const sdl = `${link}
  type Query { things: [Thing]!, strict: [Thing!], thing(id: ID!): Thing }
  type Thing @key(fields: "id") { id: ID!, next: Thing }
`

const things = ids.map((id) => ({ id, next: { id: '2' } }))

export const resolvers: Resolvers = {
  Query: { things: () => things, strict: () => things, thing: (_, { id }) => ({ id }) },
}
