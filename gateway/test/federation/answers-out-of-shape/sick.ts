import type { SubgraphQuery } from '../harness/subgraph.ts'
import { answers, entities } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query {
  listForObject: Thing
  objectForList: [Thing]
  textForObject: Thing
  textForList: [Int]
  flatForNested: [[Thing]]
  wrongType: Any
  noType: Any
  unasked: Thing
}
interface Any { size: Int }
type Thing implements Any { size: Int }
type Part @key(fields: "id") {
  id: ID!
  tooFew: Int
  tooMany: Int
  noList: Int
  noEntities: Int
  noObjects: Int
}
`

export const resolvers = {}

export function answer({ query }: SubgraphQuery): Response {
  const table = query.includes('_entities') ? entities : answers
  const name = Object.keys(table).find((key) => query.includes(key)) ?? ''
  const key = table === entities ? '_entities' : name
  return Response.json({ data: { [key]: table[name] } })
}
