import { nothing } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { sick: String, list: [Item!], must: Int! }
type Mutation { cure: Int, heal: Int }
type Item { id: ID! }
type User @key(fields: "id") { id: ID!, pulse: Int, fever: Float, strict: Int! }
`

export const resolvers = {}

export const answer = nothing
