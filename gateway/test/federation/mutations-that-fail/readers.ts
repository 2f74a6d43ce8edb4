import { journal, refuse } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { reader: Note }
type Mutation { read(note: ID!): Note, failToRead: Note }
type Note @key(fields: "id") { id: ID!, readers: Int, mustHave: Int! }
`

export const resolvers = {
  Mutation: {
    read: (_: unknown, { note }: { note: string }) => {
      journal.push(`read ${note}`)
      return { id: note }
    },
    failToRead: refuse,
  },
  Note: {
    __resolveReference: (reference: { id: string }) => reference,
    readers: ({ id }: { id: string }) => (id === 'secret' ? refuse() : 7),
    mustHave: ({ id }: { id: string }) => (id === 'secret' ? refuse() : 8),
  },
}
