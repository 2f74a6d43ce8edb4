import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Person @key(fields: "id") {
    id: ID!
    fact(n: Int!): String
    pet: Pet
  }
  type Pet { name(n: Int!): String, owner: Person }
`

export const resolvers: Resolvers = {
  Person: { fact: ({ id }, { n }) => `${id}${n}`, pet: ({ id }) => ({ owner: { id } }) },
  Pet: { name: (_, { n }) => `pet ${n}` },
}
