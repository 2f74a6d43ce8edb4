import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { nameIn } from './data.ts'

export const sdl = `${link}
  type Query { oldUsers: [User!]!, moved: String }
  type User @key(fields: "id") { id: ID!, name: String, city: String }
`

export const resolvers: Resolvers = {
  Query: { oldUsers: () => [{ id: '1' }, { id: '2' }], moved: () => 'old' },
  User: { name: nameIn('old'), city: nameIn('old') },
}
