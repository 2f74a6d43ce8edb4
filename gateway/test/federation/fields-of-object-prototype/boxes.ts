import { boxes } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
scalar JSON
type Query { boxes: [Box!]!, valueOf: Int }
type Box @key(fields: "id") { id: ID!, constructor: Int, toString: String, toLocaleString: JSON }
`

export const resolvers = {}

export const answer = () => new Response(boxes, { headers: { 'content-type': 'application/json' } })
