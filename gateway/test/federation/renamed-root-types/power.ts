export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
schema { query: PowerRoot }
type PowerRoot { watts: Int!, shared: Int! @shareable }
type Lamp @key(fields: "id") { id: ID!, watts: Int! }
`

export const resolvers = {
  PowerRoot: { watts: () => 60, shared: () => 1 },
  Lamp: { __resolveReference: (reference: object) => reference, watts: () => 40 },
}
