import { understood } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
input Box { n: Int = 5, list: [Int!], boxes: [Box!], label: String }
enum Unit { METRE FOOT }
type Query {
  box(box: Box): String
  lists(flat: [Int], deep: [[Int!]]): String
  plain(int: Int, float: Float, id: ID, on: Boolean = true, unit: Unit = METRE): String
  thing: Thing
}
type Thing @key(fields: "id") { id: ID! }
`

export const resolvers = {
  Query: { box: understood, lists: understood, plain: understood, thing: () => ({ id: '1' }) },
}
