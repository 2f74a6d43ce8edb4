export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { scales: Int! }
type Stone @key(fields: "n") { n: Int!, weight(times: Int! = 2): Int, colour: String! }
`

type Stone = { readonly n: number }

export const resolvers = {
  Query: { scales: () => 1 },
  Stone: {
    __resolveReference: (stone: Stone) => stone,
    weight: ({ n }: Stone, { times }: { times: number }) => n * times,
    colour: () => 'grey',
  },
}
