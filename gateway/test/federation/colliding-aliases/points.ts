export const sdl = `
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@external", "@requires"]
)
type Query { best: User }
type User @key(fields: "id") {
  id: ID!
  name: String! @external
  points: Int!
  badge: String! @requires(fields: "name")
  friend: User
  ranked(from: Int, to: Int): String
}
`

type User = { readonly id: string; readonly name: string }

export const resolvers = {
  Query: { best: () => ({ id: '2' }) },
  User: {
    __resolveReference: (reference: User) => reference,
    points: ({ id }: User) => Number(id) * 10,
    badge: ({ name }: User) => `badge of ${name}`,
    ranked: ({ id }: User, { from, to }: { from: number; to: number }) =>
      `${id} from ${from} to ${to}`,
    friend: ({ id }: User) => ({ id: id === '1' ? '2' : '1' }),
  },
}
