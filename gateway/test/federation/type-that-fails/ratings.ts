export const sdl = `
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@interfaceObject"]
)
type Query { best: Work, ranked: [Work]! }
type Work @key(fields: "id") @interfaceObject { id: ID!, stars: Int! }
`

type Reference = { readonly id: string }

export const resolvers = {
  Query: { best: () => ({ id: 'f' }), ranked: () => [{ id: 'b' }, { id: 'f' }] },
  Work: {
    __resolveReference: (reference: Reference) => reference,
    stars: ({ id }: Reference) => (id === 'f' ? 5 : 4),
  },
}
