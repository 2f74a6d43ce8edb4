export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { sound: String!, users: [User!]!, strict: User! }
type User @key(fields: "id") { id: ID!, name: String! }
`

const users = [
  { id: '1', name: 'Ada' },
  { id: '2', name: 'Bob' },
]

export const resolvers = {
  Query: { sound: () => 'sound', users: () => users, strict: () => users[0] },
}
