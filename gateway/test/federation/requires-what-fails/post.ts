import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Parcel @key(fields: "id") {
    id: ID!
    weight: Int @external
    mass: Int! @external
    postage: String @requires(fields: "weight")
    massPostage: String @requires(fields: "mass")
  }
`

export const resolvers: Resolvers = {
  Parcel: {
    postage: ({ weight }) => (weight === null ? 'unknown' : `for ${weight}`),
    massPostage: ({ mass }) => `for ${mass}`,
  },
}
