import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { rex, tweety } from './data.ts'

export const sdl = `${link}
  type Query { whole: [Animal!]! }
  interface Animal { id: ID!, name: String, size: Int }
  type Dog implements Animal @key(fields: "id") { id: ID!, name: String! @shareable, size: Int @shareable }
  type Bird implements Animal @key(fields: "id") { id: ID!, name: String @shareable, size: Int! @shareable }
`

export const resolvers: Resolvers = { Query: { whole: () => [rex, tweety] } }
