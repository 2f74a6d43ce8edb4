export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { other: Int }
`

export const resolvers = { Query: { other: () => 1 } }
