export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { menu: String }
type Guest @key(fields: "id") { id: ID!, diet: String @deprecated }
`

export const resolvers = {
  Query: { menu: () => 'soup' },
  Guest: { __resolveReference: ({ id }: { id: string }) => ({ id, diet: 'none' }) },
}
