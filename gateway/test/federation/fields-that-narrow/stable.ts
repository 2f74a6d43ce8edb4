import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { arena, rex } from './data.ts'

export const sdl = `${link}
  type Query { animals: [Animal!]! }
  interface Owner { id: ID! }
  interface Animal { id: ID!, owner: Owner }
  type Dog implements Animal { id: ID!, owner: Person }
  type Horse implements Animal { id: ID!, owner: Owner }
  type Person implements Owner @key(fields: "id") { id: ID! }
  type Club implements Owner @key(fields: "id") { id: ID! }
`

export const resolvers: Resolvers = { Query: { animals: () => [rex, arena] } }
