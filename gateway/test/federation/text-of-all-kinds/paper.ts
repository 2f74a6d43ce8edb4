import { texts } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
input Line { text: String! }
type Query { echo(text: String!): String!, lines(lines: [Line!]!): [String!]!, sheets: [Sheet!]! }
type Sheet @key(fields: "title") { title: ID! }
`

export const resolvers = {
  Query: {
    echo: (_: unknown, { text }: { text: string }) => text,
    lines: (_: unknown, { lines }: { lines: readonly { text: string }[] }) =>
      lines.map(({ text }) => text),
    sheets: () => Object.values(texts).map((title) => ({ title })),
  },
}
