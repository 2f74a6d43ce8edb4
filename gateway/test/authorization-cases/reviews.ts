import type { Resolvers } from '../federation/harness/subgraph.ts'

export const sdl = `
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@interfaceObject", "@authenticated"]
)
type Query { best: Media }
type Media @key(fields: "id") @interfaceObject { id: ID!, stars: Int @authenticated, sold: Int }
`

export const resolvers: Resolvers = {
  Query: { best: () => ({ id: 'b1' }) },
  Media: {
    __resolveReference: (reference) => reference,
    stars: () => 5,
    sold: () => 9,
  },
}
