import { echo } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { right(n: Int): Int }
type Item @key(fields: "id") { id: ID!, said(n: Int, text: String): String }
`

export const resolvers = {
  Query: { right: (_: unknown, { n }: { n?: number }) => n },
  Item: { __resolveReference: (reference: object) => reference, said: echo },
}
