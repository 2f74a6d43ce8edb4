import type { SubgraphQuery } from '../harness/subgraph.ts'
import { numbers, wrong } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { numbers: Numbers, wrong: Wrong }
type Numbers {
  one: Int
  thousand: Int
  minus: Float
  half: Float
  large: Float
  whole: Float
  yes: Boolean
  numberAsId: ID
  longId: ID
  text: String
  list: [Int]
}
type Wrong {
  one: Int
  half: Float
  yes: Boolean
  text: String
  id: ID
  list: [Int]
  objects: [Numbers]
  size: Size
}
enum Size { SMALL LARGE }
`

export const resolvers = {}

export const answer = ({ query }: SubgraphQuery) =>
  new Response(query.includes('wrong') ? wrong : numbers, {
    headers: { 'content-type': 'application/json' },
  })
