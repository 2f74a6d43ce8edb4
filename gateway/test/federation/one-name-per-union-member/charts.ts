export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { charts: Int! }
type Song @key(fields: "id") { id: ID!, rank(in: String! = "CH"): String!, cover: Image }
type Album @key(fields: "id") { id: ID!, rank(in: String! = "CH"): String!, sleeve: Image }
type Image { url(size: Int = 1): String!, alt: String }
`

type Reference = { readonly id: string }

const own = (reference: Reference) => reference
const rank = ({ id }: Reference, args: { in: string }) => `${id} in ${args.in}`
const image = ({ id }: Reference) => ({ id, alt: `alt ${id}` })

export const resolvers = {
  Query: { charts: () => 40 },
  Song: { __resolveReference: own, rank, cover: image },
  Album: { __resolveReference: own, rank, sleeve: image },
  Image: { url: ({ id }: Reference, { size }: { size: number }) => `/${id}@${size}` },
}
