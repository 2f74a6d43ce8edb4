export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { right: Node }
type Node @key(fields: "id") { id: ID!, weight: Int! }
`

export const resolvers = {
  Query: { right: () => ({ id: '3' }) },
  Node: { __resolveReference: (reference: object) => reference, weight: () => 5 },
}
