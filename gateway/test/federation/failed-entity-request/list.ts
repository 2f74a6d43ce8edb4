import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { ids } from './data.ts'

export const sdl = `${link}
  type Query { things: [Thing]!, thing: Thing }
  type Thing @key(fields: "id") { id: ID! }
`

const things = ids.map((id) => ({ id }))

export const resolvers: Resolvers = { Query: { things: () => things, thing: () => things[0] } }
