import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { of } from './data.ts'

export const sdl = `${link}
  type Query { docs: [Doc!]! }
  type Doc @key(fields: "id") { id: ID!, slug: ID! @shareable, title: String, body: String }
`

export const resolvers: Resolvers = {
  Query: { docs: () => [{ id: '1' }, { id: '2' }] },
  Doc: { slug: of('old'), title: of('old'), body: of('old') },
}
