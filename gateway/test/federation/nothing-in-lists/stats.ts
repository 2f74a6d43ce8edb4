export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { stats: Int! }
type Group @key(fields: "id") { id: ID!, size: Int! }
type Member @key(fields: "id") { id: ID!, age: Int! }
type Keyed @key(fields: "number") { number: Int!, double: Int! }
`

export const resolvers = {
  Query: { stats: () => 1 },
  Group: { __resolveReference: (reference: object) => reference, size: () => 0 },
  Member: { __resolveReference: (reference: object) => reference, age: () => 30 },
  Keyed: {
    __resolveReference: (reference: object) => reference,
    double: ({ number }: { number: number }) => number * 2,
  },
}
