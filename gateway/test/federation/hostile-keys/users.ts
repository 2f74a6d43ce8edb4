import { hostile } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { me: User, plain: User, missing: String }
type User @key(fields: "id") { id: ID!, name: String, admin: Boolean }
`

export const resolvers = {}

export const answer = () =>
  new Response(hostile.root, { headers: { 'content-type': 'application/json' } })
