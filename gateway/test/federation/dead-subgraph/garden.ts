import { plants } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { plants: [Plant!]!, plant: Plant }
type Mutation { water: Int! }
type Plant @key(fields: "id") { id: ID!, name: String!, leaf: Leaf }
type Leaf @key(fields: "id") { id: ID! }
`

export const resolvers = {
  Query: { plants: () => plants, plant: () => plants[0] },
  Mutation: { water: () => 3 },
}
