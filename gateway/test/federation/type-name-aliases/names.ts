import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Person @key(fields: "id") { id: ID!, name: String }
  type Pet @key(fields: "id") { id: ID!, name: String }
`

export const resolvers: Resolvers = {
  Person: { name: ({ id }) => `person ${id}` },
  Pet: { name: ({ id }) => `pet ${id}` },
}
