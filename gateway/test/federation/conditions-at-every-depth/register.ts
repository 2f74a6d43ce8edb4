import { firms } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { firms: [Firm!]!, size: Int! }
type Firm @key(fields: "id") { id: ID!, name: String!, boss: Person! }
type Person @key(fields: "id") { id: ID! }
`

export const resolvers = {
  Query: { firms: () => firms, size: () => firms.length },
  Firm: { __resolveReference: ({ id }: { id: string }) => firms.find((firm) => firm.id === id) },
}
