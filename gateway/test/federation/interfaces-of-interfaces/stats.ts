import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  interface Counted { views: Int }
  type Page implements Counted @key(fields: "id") { id: ID!, views: Int }
  type Note implements Counted @key(fields: "id") { id: ID!, views: Int }
`

export const resolvers: Resolvers = {
  Page: { views: () => 10 },
  Note: { views: () => 20 },
}
