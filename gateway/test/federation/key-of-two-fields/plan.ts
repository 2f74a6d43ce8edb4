import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { rooms } from './data.ts'

export const sdl = `${link}
  type Query { rooms: [Room!]!, hall: Room }
  type Room @key(fields: "house number") { house: ID!, number: Int!, name: String }
`

export const resolvers: Resolvers = {
  Query: { rooms: () => rooms, hall: () => rooms[0] },
  Room: {
    __resolveReference: ({ house, number }) =>
      rooms.find((room) => room.house === house && room.number === number),
  },
}
