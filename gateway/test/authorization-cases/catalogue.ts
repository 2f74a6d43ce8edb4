import type { Resolvers } from '../federation/harness/subgraph.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { media: [Media!]!, book: Book }
interface Media @key(fields: "id") { id: ID!, title: String }
type Book implements Media @key(fields: "id") { id: ID!, title: String, pages: Int }
type Film implements Media @key(fields: "id") { id: ID!, title: String }
`

const book = { id: 'b1', title: 'Emma', pages: 300 }
const film = { id: 'f1', title: 'Brazil' }
const typeOf = ({ pages }: { pages?: unknown }) => (pages ? 'Book' : 'Film')

export const resolvers: Resolvers = {
  Query: { media: () => [book, film], book: () => book },
  Media: {
    __resolveType: typeOf,
    __resolveReference: ({ id }) => [book, film].find((one) => one.id === id),
  },
  Book: { __resolveReference: () => book },
  Film: { __resolveReference: () => film },
}
