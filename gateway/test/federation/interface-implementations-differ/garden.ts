import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { rex, tweety } from './data.ts'

export const sdl = `${link}
  type Query { herd: [Animal], winged: Animal }
  interface Animal { id: ID! }
  type Dog implements Animal @key(fields: "id") { id: ID!, age: Int }
  type Bird implements Animal { id: ID!, name: String, wings: Int }
`

export const resolvers: Resolvers = {
  Query: { herd: () => [rex, null, tweety], winged: () => tweety },
  Dog: { __resolveReference: ({ id }) => (id === rex.id ? rex : null) },
}
