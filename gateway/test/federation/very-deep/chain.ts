export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { start: Link! }
type Link @key(fields: "n") { n: Int!, next: Link, many: [Link!] }
`

type Link = { readonly n: number }

const nextOf = ({ n }: Link) => ({ n: n + 1 })

export const resolvers = {
  Query: { start: () => ({ n: 0 }) },
  Link: {
    __resolveReference: (link: Link) => link,
    next: nextOf,
    many: (link: Link) => [nextOf(link)],
  },
}
