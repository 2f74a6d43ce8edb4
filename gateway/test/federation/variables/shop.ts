export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { shops: Int }
type Colour @key(fields: "name") { name: ID!, price(litres: Float! = 1): Float! }
`

export const resolvers = {
  Query: { shops: () => 2 },
  Colour: {
    __resolveReference: (reference: object) => reference,
    price: (_: unknown, { litres }: { litres: number }) => litres * 3,
  },
}
