import { journal, refuse } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { note: Note }
type Mutation {
  begin: Int!
  write(text: ID!): Note
  fail: Note
  mustNotFail: Note!
  journal: [String!]!
}
type Note @key(fields: "id") { id: ID! }
`

export const resolvers = {
  Mutation: {
    begin: () => {
      journal.length = 0
      return 0
    },
    write: (_: unknown, { text }: { text: string }) => {
      journal.push(`write ${text}`)
      return { id: text }
    },
    fail: refuse,
    mustNotFail: refuse,
    journal: () => [...journal],
  },
}
