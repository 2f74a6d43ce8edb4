export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { whole: String!, thing: Thing }
type Thing @key(fields: "id") { id: ID! }
`

export const resolvers = { Query: { whole: () => 'whole', thing: () => ({ id: '1' }) } }
