export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { inks: Int! }
type Sheet @key(fields: "title") { title: ID!, length: Int!, with(text: String!): String! }
`

type Sheet = { readonly title: string }

export const resolvers = {
  Query: { inks: () => 1 },
  Sheet: {
    __resolveReference: (reference: Sheet) => reference,
    length: ({ title }: Sheet) => title.length,
    with: ({ title }: Sheet, { text }: { text: string }) => `${title}${text}`,
  },
}
