import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { rex, tweety } from './data.ts'

export const sdl = `${link}
  type Query { part: [Animal], sized: [Sized!]! }
  interface Animal { id: ID! }
  interface Sized { size: Int }
  type Dog implements Animal & Sized @key(fields: "id") {
    id: ID!
    name: String! @shareable
    size: Int @shareable
    age: Int
  }
  type Bird implements Animal & Sized @key(fields: "id") {
    id: ID!
    name: String @shareable
    size: Int! @shareable
    age: Int!
  }
`

export const resolvers: Resolvers = {
  Query: { part: () => [tweety, null, rex], sized: () => [rex, tweety] },
  Dog: { age: () => 5 },
  Bird: { age: () => 2 },
}
