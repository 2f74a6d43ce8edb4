import { settings } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
scalar JSON
scalar Code
type Query { audits: Int }
type Entry @key(fields: "code") { code: Code!, kind: String, raw: JSON, with(value: JSON): JSON }
`

type Entry = { readonly code: unknown }

export const resolvers = {
  Query: { audits: () => 0 },
  Entry: {
    __resolveReference: (reference: Entry) => reference,
    kind: ({ code }: Entry) => `${typeof code} ${code}`,
    raw: () => settings,
    with: (_: unknown, { value }: { value: unknown }) => [value],
  },
}
