import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { friend } from './data.ts'

export const sdl = `${link}
  type Query { me: Person, you: Person, crowd: [Person!]! }
  type Person @key(fields: "id") { id: ID!, friend: Person, friends: [Person!]! }
`

export const resolvers: Resolvers = {
  Query: {
    me: () => ({ id: 'm' }),
    you: () => ({ id: 'y' }),
    crowd: () => [{ id: 'y' }, friend, { id: 'y' }],
  },
  Person: { friend: () => friend, friends: () => [friend, { id: 'm' }] },
}
