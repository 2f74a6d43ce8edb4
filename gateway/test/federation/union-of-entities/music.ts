import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  interface Named { name: String! }
  type Song implements Named @key(fields: "isrc") { isrc: ID!, name: String!, by: Artist }
  type Artist implements Named @key(fields: "id") { id: ID!, name: String!, plays(per: Int!): Int }
  type Label implements Named @key(fields: "code country") {
    code: ID!
    country: String!
    name: String!
    signed: [Artist!]!
  }
`

export const resolvers: Resolvers = {
  Song: { name: ({ isrc }) => `song ${isrc}`, by: () => ({ id: 'a2' }) },
  Artist: { name: ({ id }) => `artist ${id}`, plays: (_, { per }) => 100 * Number(per) },
  Label: { name: ({ code, country }) => `${code} of ${country}`, signed: () => [{ id: 'a1' }] },
}
