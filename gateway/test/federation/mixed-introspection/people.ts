export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { headCount: Int! }
type Town @key(fields: "id") { id: ID!, heads: Int! }
`

export const resolvers = {
  Query: { headCount: () => 300 },
  Town: { __resolveReference: ({ id }: { id: string }) => ({ id, heads: Number(id) * 100 }) },
}
