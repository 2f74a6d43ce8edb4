import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Event @key(fields: "id") @interfaceObject { id: ID!, guests: [Guest!]! }
  type Guest { name: String!, at: Event }
`

export const resolvers: Resolvers = {
  Event: { guests: ({ id }) => [{ name: `guest of ${id}`, at: { id } }] },
}
