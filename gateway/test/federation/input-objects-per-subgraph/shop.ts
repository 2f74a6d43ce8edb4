import { understood } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
input Search { text: String, limit: Int = 2, range: Range, shopOnly: String = "shop" }
input Range { from: Int, to: Int = 9, shopOnly: Int }
input Order { by: String! }
type Query {
  find(search: Search): String
  item: Item
  ordered(order: Order!): String
}
type Item @key(fields: "id") { id: ID! }
`

export const resolvers = {
  Query: { find: understood, item: () => ({ id: '1' }), ordered: understood },
}
