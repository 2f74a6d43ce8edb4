export const sdl = `
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@external", "@requires"]
)
type Query { carriers: Int! }
type Box @key(fields: "id") {
  id: ID!
  height: Int! @external
  width(unit: String = "m"): Int! @external
  area: Int! @requires(fields: "height width")
  lift: Boolean! @requires(fields: "height")
  label: String!
}
`

type Box = { readonly id: string; readonly height: number; readonly width: number }

export const resolvers = {
  Query: { carriers: () => 2 },
  Box: {
    __resolveReference: (reference: Box) => reference,
    area: ({ height, width }: Box) => height * width,
    lift: ({ height }: Box) => height > 3,
    label: ({ id }: Box) => `label ${id}`,
  },
}
