import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { rex, tweety } from './data.ts'

export const sdl = `${link}
  scalar Json
  type Query { part: [Animal], sized: [Sized!]! }
  interface Animal { id: ID! }
  interface Sized { size: Int }
  type Dog implements Animal & Sized @key(fields: "id") {
    id: ID!
    name: String! @shareable
    size: Int @shareable
    age: Int
    notes: Json
  }
  type Bird implements Animal & Sized @key(fields: "id") {
    id: ID!
    name: String @shareable
    size: Int! @shareable
    age: Int!
    notes: Json
  }
`

/** Called as what an engine may ask for `name` by. */
const notes = { name_0: 1, name_1: { name_0: 2 }, name: 3 }

export const resolvers: Resolvers = {
  Query: { part: () => [tweety, null, rex], sized: () => [rex, tweety] },
  Dog: { age: () => 5, notes: () => notes },
  Bird: { age: () => 2, notes: () => [notes] },
}
