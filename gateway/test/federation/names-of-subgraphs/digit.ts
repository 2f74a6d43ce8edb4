export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { digit: Int! }
type Thing @key(fields: "id") { id: ID!, digitSays: String! }
`

export const resolvers = {
  Query: { digit: () => 2 },
  Thing: { __resolveReference: (reference: object) => reference, digitSays: () => 'digit' },
}
