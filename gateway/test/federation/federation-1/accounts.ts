// No link: what a subgraph of Federation 1 looks like.
export const sdl = `
extend type Query { me: User }
type User @key(fields: "id") { id: ID!, name: String }
`

const userOf = ({ id }: { id: string }) => ({ id, name: id === 'u1' ? 'Ada' : 'Bob' })

export const resolvers = {
  Query: { me: () => userOf({ id: 'u1' }) },
  User: { __resolveReference: userOf },
}
