export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { dotted: Thing, constant: String! }
type Mutation { first: String! }
type Thing @key(fields: "id") { id: ID!, dottedSays: String! }
`

const own = (reference: object) => reference

export const resolvers = {
  Query: { dotted: () => ({ id: '1' }), constant: () => 'dotted' },
  Mutation: { first: () => 'dotted' },
  Thing: { __resolveReference: own, dottedSays: () => 'dotted' },
}
