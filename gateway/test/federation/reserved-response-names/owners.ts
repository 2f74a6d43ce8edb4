export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { owners: Int! }
type Dog @key(fields: "id") { id: ID!, owner: Owner }
type Owner { name: String }
`

export const resolvers = {
  Query: { owners: () => 1 },
  Dog: {
    __resolveReference: (reference: object) => reference,
    owner: () => ({ name: 'Ada' }),
  },
}
