import { pets } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { home: Home }
type Home { address: String, dog: Dog }
type Dog @key(fields: "id") { id: ID!, home: Home }
type Cat @key(fields: "id", resolvable: false) { id: ID! }
`

export const resolvers = {
  Query: { home: () => ({ address: 'Road 1', dog: pets[0] }) },
  Dog: {
    __resolveReference: (reference: object) => reference,
    home: () => ({ address: 'Road 1', dog: pets[0] }),
  },
}
