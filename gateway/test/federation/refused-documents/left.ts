import { answer } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { left: Node, answer: Int! }
type Node @key(fields: "id") { id: ID!, next: Node }
`

export const resolvers = {
  Query: { left: () => ({ id: '1' }), answer: () => answer },
  Node: { __resolveReference: (reference: object) => reference, next: () => ({ id: '2' }) },
}
