import { dogs } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { dogs: [Dog!]! }
type Dog @key(fields: "id") { id: ID!, name: String! }
`

export const resolvers = { Query: { dogs: () => dogs } }
