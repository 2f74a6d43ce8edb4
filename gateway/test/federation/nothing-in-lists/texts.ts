export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { texts: Int! }
type Keyed @key(fields: "text flag") { text: String!, flag: Boolean!, said: String! }
`

type Keyed = { readonly text: string; readonly flag: boolean }

export const resolvers = {
  Query: { texts: () => 1 },
  Keyed: {
    __resolveReference: (reference: Keyed) => reference,
    said: ({ text, flag }: Keyed) => `"${text}" ${flag}`,
  },
}
