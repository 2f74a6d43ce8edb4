export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { mails: Int }
type User @key(fields: "email") { email: String!, unread: Int! }
`

export const resolvers = {
  Query: { mails: () => 3 },
  User: {
    __resolveReference: (reference: { email: string }) => reference,
    unread: ({ email }: { email: string }) => email.length,
  },
}
