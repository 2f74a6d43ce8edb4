import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { rex, tom } from './data.ts'

export const sdl = `${link}
  type Query { animals: [Animal!]!, first: Animal }
  interface Animal { id: ID!, name: String }
  type Dog implements Animal @key(fields: "id") { id: ID!, name: String }
  type Cat implements Animal { id: ID!, name: String, lives: Int }
`

export const resolvers: Resolvers = {
  Query: { animals: () => [rex, tom], first: () => tom },
  Dog: { __resolveReference: ({ id }) => (id === rex.id ? rex : null) },
}
