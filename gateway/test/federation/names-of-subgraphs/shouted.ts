export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { shouted: Int! }
type Thing @key(fields: "id") { id: ID!, shoutedSays: String! }
`

export const resolvers = {
  Query: { shouted: () => 3 },
  Thing: { __resolveReference: (reference: object) => reference, shoutedSays: () => 'shouted' },
}
