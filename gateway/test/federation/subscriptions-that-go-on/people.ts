import { visit } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { people: Int! }
type Person @key(fields: "id") {
  id: ID!
  name(long: Boolean = false): String!
  visits: Int!
  friend: Person
}
`

type Person = { readonly id: string }

export const resolvers = {
  Query: { people: () => 2 },
  Person: {
    __resolveReference: (reference: Person) => reference,
    name: ({ id }: Person, { long }: { long: boolean }) => (long ? `name of ${id}` : id),
    visits: ({ id }: Person) => visit(id),
    friend: ({ id }: Person) => ({ id: `friend-of-${id}` }),
  },
}
