import { numbers } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { stones(first: Int): [Stone!]!, same: [Stone!]!, numbers: [Int!]! }
type Stone @key(fields: "n") { n: Int! }
`

export const resolvers = {
  Query: {
    stones: (_: unknown, { first }: { first?: number }) =>
      numbers.slice(0, first).map((n) => ({ n })),
    same: () => numbers.map((n) => ({ n: n % 3 })),
    numbers: () => numbers,
  },
}
