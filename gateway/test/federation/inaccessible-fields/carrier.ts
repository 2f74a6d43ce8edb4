export const sdl = `
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@external", "@requires", "@inaccessible"]
)
type Query { carriers: Int! }
type Parcel @key(fields: "code") {
  code: ID! @inaccessible
  grams: Int! @external
  postage: Int! @requires(fields: "grams")
  route: String @inaccessible
  bearers(atMost: Int = 2, secret: Boolean = true @inaccessible): [String!]!
}
`

type Parcel = { readonly code: string; readonly grams: number }

export const resolvers = {
  Query: { carriers: () => 1 },
  Parcel: {
    __resolveReference: (reference: Parcel) => reference,
    postage: ({ grams }: Parcel) => Math.ceil(grams / 100),
    route: () => 'north',
    bearers: ({ code }: Parcel, { atMost, secret }: { atMost: number; secret: boolean }) =>
      [`${code} secret ${secret}`, 'second', 'third'].slice(0, atMost),
  },
}
