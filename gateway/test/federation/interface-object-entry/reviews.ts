import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { ratings } from './data.ts'

export const sdl = `${link}
  type Query { rated: [Media!]!, best: Media, lost: Media, table: [[Media]] }
  type Media @key(fields: "id") @interfaceObject { id: ID!, rating: Int, review: Review }
  type Review { of: Media! }
`

const one = { id: '1' }
const two = { id: '2' }

export const resolvers: Resolvers = {
  Query: {
    rated: () => [two, one],
    best: () => one,
    lost: () => ({ id: 'lost' }),
    table: () => [[one, null], null, [two, one]],
  },
  Media: {
    rating: ({ id }) => ratings[String(id)],
    review: ({ id }) => ({ of: { id } }),
  },
}
