export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { rooms: Int! }
type Novel @key(fields: "id") { id: ID!, copies: Int!, place: Place! }
type Atlas @key(fields: "id") { id: ID!, copies: Int! }
type Place { room: Int!, row: Int!, keeper: Author }
type Author @key(fields: "id") { id: ID!, shift: String! }
`

const own = (reference: object) => reference

export const resolvers = {
  Query: { rooms: () => 2 },
  Novel: {
    __resolveReference: own,
    copies: () => 3,
    place: () => ({ room: 1, row: 7, keeper: { id: 'a1' } }),
  },
  Atlas: { __resolveReference: own, copies: () => 1 },
  Author: { __resolveReference: own, shift: () => 'late' },
}
