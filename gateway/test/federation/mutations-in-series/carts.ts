import { journal, write } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { cart: Item }
type Mutation {
  begin: Int!
  put(item: ID!): Item!
  journal: [String!]!
}
type Item @key(fields: "id") { id: ID!, putAt: Int! }
`

export const resolvers = {
  Mutation: {
    begin: () => {
      journal.length = 0
      return 0
    },
    put: (_: unknown, { item }: { item: string }) => {
      write(`put ${item}`)
      return { id: item }
    },
    journal: () => [...journal],
  },
  Item: {
    __resolveReference: (reference: { id: string }) => reference,
    putAt: ({ id }: { id: string }) => journal.indexOf(`put ${id}`),
  },
}
