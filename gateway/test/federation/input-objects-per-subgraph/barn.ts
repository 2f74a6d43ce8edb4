import { understood } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
input Search { barnOnly: Boolean, text: String, limit: Int = 2, range: Range }
input Range { from: Int, to: Int = 9 }
type Query { look(search: Search): String }
type Item @key(fields: "id") { id: ID!, parts(search: Search, ranges: [Range!]): String }
`

export const resolvers = {
  Query: { look: understood },
  Item: {
    __resolveReference: (reference: { id: string }) => reference,
    parts: understood,
  },
}
