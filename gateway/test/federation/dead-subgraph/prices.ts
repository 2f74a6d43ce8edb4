export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { currency: String! }
type Plant @key(fields: "id") { id: ID!, price: Int! }
`

export const resolvers = {
  Query: { currency: () => 'CHF' },
  Plant: {
    __resolveReference: (reference: object) => reference,
    price: ({ id }: { id: string }) => Number(id) * 5,
  },
}
