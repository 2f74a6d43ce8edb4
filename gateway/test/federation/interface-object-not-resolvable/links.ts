import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { links: [Link!]!, home: Node }
  type Link { to: Node, all: [[Node]!] }
  type Node @key(fields: "id", resolvable: false) @interfaceObject { id: ID! }
`

export const resolvers: Resolvers = {
  Query: {
    home: () => ({ id: 't' }),
    links: () => [
      { to: { id: 'u' }, all: [[{ id: 't' }, null], []] },
      { to: null, all: null },
    ],
  },
}
