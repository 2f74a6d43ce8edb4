import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Person @key(fields: "id") { id: ID!, name: String }
  type Club @key(fields: "id") { id: ID!, name: String, members: [Person] }
`

export const resolvers: Resolvers = {
  Person: { name: ({ id }) => `person ${id}` },
  Club: { name: ({ id }) => `club ${id}`, members: () => [{ id: 'p1' }, null] },
}
