import { groups, keys } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query {
  none: [Group!]!
  groups: [Group]!
  nested: [[Group]]
  nothing: [Group]
  keyed: [Keyed!]!
}
type Group @key(fields: "id") { id: ID!, members: [Member] }
type Member @key(fields: "id") { id: ID! }
type Keyed
  @key(fields: "number")
  @key(fields: "text flag") { number: Int!, text: String!, flag: Boolean! }
`

export const resolvers = {
  Query: {
    none: () => [],
    groups: () => groups,
    nested: () => [[], null, [null], [groups[0]]],
    nothing: () => null,
    keyed: () => keys,
  },
}
