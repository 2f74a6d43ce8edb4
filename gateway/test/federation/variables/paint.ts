import { colours } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
enum Finish { MATT GLOSS }
input Mix { parts: [Int!]!, finish: Finish = MATT }
type Query {
  colours(first: Int! = 2): [Colour!]!
  mix(mix: Mix!): String!
  finish(finish: Finish): String
}
type Colour @key(fields: "name") { name: ID! }
`

type Mix = { readonly parts: readonly number[]; readonly finish: string }

export const resolvers = {
  Query: {
    colours: (_: unknown, { first }: { first: number }) =>
      colours.slice(0, first).map((name) => ({ name })),
    mix: (_: unknown, { mix: { parts, finish } }: { mix: Mix }) => `${parts.join('+')} ${finish}`,
    finish: (_: unknown, { finish = 'none' }: { finish?: string }) => finish,
  },
}
