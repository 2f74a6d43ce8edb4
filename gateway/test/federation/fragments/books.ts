import { shelf, typeOf } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { shelf: [Item!]!, first: Book }
union Item = Novel | Atlas
interface Book { id: ID!, title: String! }
type Novel implements Book @key(fields: "id") { id: ID!, title: String!, author: Author! }
type Atlas implements Book @key(fields: "id") { id: ID!, title: String!, maps: Int! }
type Author @key(fields: "id") { id: ID!, name: String! }
`

export const resolvers = {
  Query: { shelf: () => shelf, first: () => shelf[0] },
  Item: { __resolveType: typeOf },
  Book: { __resolveType: typeOf },
  Author: { __resolveReference: () => ({ id: 'a1', name: 'Jane' }) },
}
