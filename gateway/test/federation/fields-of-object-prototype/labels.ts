import { labels } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { labels: Int }
type Box @key(fields: "id") { id: ID!, isPrototypeOf: Boolean, hasOwnProperty: [Inner!] }
type Inner { valueOf: Int }
`

export const resolvers = {}

export const answer = () =>
  new Response(labels, { headers: { 'content-type': 'application/json' } })
