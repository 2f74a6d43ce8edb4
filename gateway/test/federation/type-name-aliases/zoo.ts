import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { ada, rex } from './data.ts'

export const sdl = `${link}
  type Query { beings: [Being]!, any: [Any!], person: Person }
  interface Being { id: ID! }
  union Any = Person | Pet
  type Person implements Being @key(fields: "id") { id: ID!, pet: Pet }
  type Pet implements Being @key(fields: "id") { id: ID! }
`

export const resolvers: Resolvers = {
  Query: { beings: () => [ada, null, rex], any: () => [rex, ada], person: () => ada },
  Person: { pet: () => rex },
}
