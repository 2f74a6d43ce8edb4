import { GraphQLError } from 'graphql'
import type { Resolvers } from '../harness/subgraph.ts'
import { stock } from './data.ts'

export const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
  type Book @key(fields: "isbn") { isbn: ID!, inStock: Int, shelf: Shelf }
  type Shelf { row: Int }
`

const notCounted = () => {
  throw new GraphQLError('Not counted.', { extensions: { code: 'NOT_FOUND' } })
}

export const resolvers: Resolvers = {
  Book: {
    __resolveReference: ({ isbn }) => ({ isbn }),
    inStock: ({ isbn }) => stock[String(isbn)] ?? notCounted(),
    shelf: ({ isbn }) => ({ row: isbn }),
  },
  Shelf: { row: ({ row }) => (stock[String(row)] ? row : notCounted()) },
}
