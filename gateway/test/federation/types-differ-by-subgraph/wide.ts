import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { ada } from './data.ts'

export const sdl = `${link}
  type Query { dogs: [Dog!]! }
  interface Owner { id: ID!, name: String }
  type Dog @key(fields: "id") { id: ID!, owner: Owner @shareable, tags: [String] @shareable, age: Int }
  type Person implements Owner @key(fields: "id") { id: ID!, name: String @shareable, town: String }
  type Club implements Owner { id: ID!, name: String }
`

export const resolvers: Resolvers = {
  Query: { dogs: () => [{ id: 'd' }] },
  Dog: { owner: () => ada, tags: () => ['a'], age: () => 3 },
  Person: { town: () => 'Bern' },
}
