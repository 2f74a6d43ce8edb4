export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { sound: Int!, pair: [Part!]! }
type Part @key(fields: "id") { id: ID! }
`

export const resolvers = {
  Query: { sound: () => 1, pair: () => [{ id: '1' }, { id: '2' }] },
}
