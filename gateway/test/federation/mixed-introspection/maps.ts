import { towns } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { towns: [Town!]!, lost: Town }
type Mutation { found(name: String!): Town }
"A place with people."
type Town @key(fields: "id") { id: ID!, "As on the sign." name(lang: String = "de"): String }
`

export const resolvers = {
  Query: {
    towns: () => towns,
    lost: () => {
      throw new Error('Lost.')
    },
  },
  Mutation: { found: () => towns[0] },
}
