export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { labels: Int! }
type Box @key(fields: "id") { id: ID!, label: String, number: Int, inner: Inner, list: [Int] }
type Inner { text: String }
`

type Box = { readonly id: string }

export const resolvers = {
  Query: { labels: () => 1 },
  Box: {
    __resolveReference: ({ id }: Box) => (id === 'lost' ? null : { id }),
    label: ({ id }: Box) => `label ${id}`,
    number: () => 5,
    inner: () => ({ text: 'inner' }),
    list: () => [1, 2],
  },
}
