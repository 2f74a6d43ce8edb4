import { boxes } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { boxes: [Box!]! }
type Box @key(fields: "id") { id: ID!, height: Int!, width(unit: String = "m"): Int! }
`

export const resolvers = { Query: { boxes: () => boxes } }
