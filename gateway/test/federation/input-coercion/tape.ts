import { understood } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
input Box { n: Int = 5, list: [Int!], boxes: [Box!], label: String }
enum Unit { METRE FOOT }
type Query { tape: String }
type Thing @key(fields: "id") {
  id: ID!
  measured(unit: Unit = METRE, digits: Int, boxes: [Box!] = [{ n: 1 }]): String
}
`

export const resolvers = {
  Query: { tape: () => 'tape' },
  Thing: {
    __resolveReference: (reference: { id: string }) => reference,
    measured: understood,
  },
}
