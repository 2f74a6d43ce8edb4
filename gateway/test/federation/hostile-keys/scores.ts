import { hostile } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { scores: Int }
type User @key(fields: "id") { id: ID!, score: Int, level: Int }
`

export const resolvers = {}

export const answer = () =>
  new Response(hostile.entity, { headers: { 'content-type': 'application/json' } })
