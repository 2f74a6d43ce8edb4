import { users } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { users: [User!]! }
type User @key(fields: "id") @key(fields: "email") { id: ID!, email: String!, name: String! }
`

const userOf = (reference: { id?: string; email?: string }) =>
  users.find(({ id, email }) => id === reference.id || email === reference.email)

export const resolvers = { Query: { users: () => users }, User: { __resolveReference: userOf } }
