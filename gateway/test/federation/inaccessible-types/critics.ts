export const sdl = `
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@inaccessible"]
)
type Query { critics: Int! }
type Book @key(fields: "id") { id: ID!, stars: Int }
type Draft @key(fields: "id") @inaccessible { id: ID!, stars: Int }
`

export const resolvers = {
  Query: { critics: () => 3 },
  Book: { __resolveReference: () => ({ stars: 5 }) },
  Draft: { __resolveReference: () => ({ stars: 1 }) },
}
