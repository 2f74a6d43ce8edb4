import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { rooms: [Room!]! }
  type Room { name: String!, events: [Event!]! }
  type Event @key(fields: "id") @interfaceObject { id: ID!, room: Room }
`

const hall = { name: 'Hall', events: [{ id: 'm' }, { id: 't' }] }

export const resolvers: Resolvers = { Query: { rooms: () => [hall] }, Event: { room: () => hall } }
