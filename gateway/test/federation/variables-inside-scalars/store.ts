import { echo } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
scalar JSON
type Query { echo(value: JSON): JSON, item: Item }
type Item @key(fields: "id") { id: ID! }
`

export const resolvers = { Query: { echo, item: () => ({ id: '1' }) } }
