export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { hops: Int! }
type Link @key(fields: "n") { n: Int!, hop: Link, weight: Int }
`

type Link = { readonly n: number }

export const resolvers = {
  Query: { hops: () => 1 },
  Link: {
    __resolveReference: (link: Link) => link,
    hop: ({ n }: Link) => ({ n: n + 100 }),
    weight: ({ n }: Link) => {
      if (n === 13) throw new Error('Unlucky.')
      return n * 2
    },
  },
}
