import { journal, write } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { stock: Item }
type Mutation { reserve(item: ID!): Item! }
type Item @key(fields: "id") { id: ID!, known: Int! }
`

export const resolvers = {
  Mutation: {
    reserve: (_: unknown, { item }: { item: string }) => {
      write(`reserve ${item}`)
      return { id: item }
    },
  },
  Item: {
    __resolveReference: (reference: { id: string }) => reference,
    // How much had been done when somebody asked.
    known: () => journal.length,
  },
}
