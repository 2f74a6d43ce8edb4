import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { lamps } from './data.ts'

export const sdl = `${link}
  type Query { brightest: Room }
  type Room @key(fields: "number house") { house: ID!, number: Int!, lamps: Int }
`

export const resolvers: Resolvers = {
  Query: { brightest: () => ({ house: 'B', number: 1 }) },
  Room: { lamps: ({ house, number }) => lamps[`${house}/${number}`] },
}
