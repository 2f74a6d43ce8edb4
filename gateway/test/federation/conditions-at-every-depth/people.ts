import { firms } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { boss: Person! }
type Person @key(fields: "id") { id: ID!, name: String!, firm: Firm! }
type Firm @key(fields: "id") { id: ID!, phone: String! }
`

type Person = { readonly id: string }

export const resolvers = {
  Query: { boss: () => ({ id: 'p1' }) },
  Person: {
    __resolveReference: (reference: Person) => reference,
    name: ({ id }: Person) => `name of ${id}`,
    firm: (person: Person) => firms.find(({ boss }) => boss.id === person.id),
  },
  Firm: {
    __resolveReference: (reference: object) => reference,
    phone: ({ id }: { id: string }) => `00${id}`,
  },
}
