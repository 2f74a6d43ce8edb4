export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { underscored: Thing }
type Mutation { second: String! }
type Thing @key(fields: "id") { id: ID!, underscoredSays: String! }
`

const own = (reference: object) => reference

export const resolvers = {
  Query: { underscored: () => ({ id: '2' }) },
  Mutation: { second: () => 'underscored' },
  Thing: { __resolveReference: own, underscoredSays: () => 'underscored' },
}
