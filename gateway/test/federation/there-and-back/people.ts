import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { person(id: ID!): Person, people: [Person!]! }
  type Person @key(fields: "id") { id: ID!, name: String!, account: Account }
  type Account @key(fields: "no") { no: ID! }
`

const person = (id: unknown) => ({ id })

export const resolvers: Resolvers = {
  Query: { person: (_, { id }) => person(id), people: () => ['1', '2', '3'].map(person) },
  Person: { name: ({ id }) => `person ${id}`, account: ({ id }) => ({ no: `a${id}` }) },
}
