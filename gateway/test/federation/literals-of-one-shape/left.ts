import { echo } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
scalar JSON
input Box { n: Int, text: String = "x", list: [Float!], boxes: [Box!] }
type Query {
  plain(int: Int! = 1, float: Float, id: ID, text: String): String
  json(value: JSON, n: Int): String
  box(box: Box): String
  lists(flat: [Int!], deep: [[ID]]): String
  item(id: ID!): Item
}
type Item @key(fields: "id") { id: ID! }
`

export const resolvers = {
  Query: {
    plain: echo,
    json: echo,
    box: echo,
    lists: echo,
    item: (_: unknown, { id }: { id: string }) => ({ id }),
  },
}
