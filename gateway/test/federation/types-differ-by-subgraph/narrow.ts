import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { ada } from './data.ts'

export const sdl = `${link}
  type Query { dog: Dog }
  interface Owner { id: ID! }
  type Dog @key(fields: "id") { id: ID!, owner: Person! @shareable, tags: [String!]! @shareable }
  type Person implements Owner @key(fields: "id") { id: ID!, name: String @shareable }
`

export const resolvers: Resolvers = {
  Query: { dog: () => ({ id: 'd' }) },
  Dog: { owner: () => ada, tags: () => ['a'] },
}
