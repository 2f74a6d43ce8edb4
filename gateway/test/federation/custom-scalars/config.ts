import { codes, falsy, large, settings } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
scalar JSON
scalar Code
type Query {
  settings: JSON
  falsy: [JSON]
  nothing: JSON
  large: [JSON]
  entries: [Entry!]!
  echo(value: JSON): JSON
}
type Entry @key(fields: "code") { code: Code!, value: JSON }
`

export const resolvers = {
  Query: {
    settings: () => settings,
    falsy: () => falsy,
    nothing: () => null,
    large: () => large,
    entries: () => codes.map((code) => ({ code, value: { value: code, name: 'here' } })),
    echo: (_: unknown, { value }: { value: unknown }) => value,
  },
}
