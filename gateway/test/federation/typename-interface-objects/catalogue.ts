import { typeOf, workOf, works } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { works: [Work!]! }
interface Work @key(fields: "id") { id: ID!, title: String! }
type Book implements Work @key(fields: "id") { id: ID!, title: String!, pages: Int! }
type Film implements Work @key(fields: "id") { id: ID!, title: String!, minutes: Int! }
`

export const resolvers = {
  Query: { works: () => works },
  Work: { __resolveType: typeOf, __resolveReference: workOf },
  Book: { __resolveReference: workOf },
  Film: { __resolveReference: workOf },
}
