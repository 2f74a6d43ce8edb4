import { link } from '../harness/link.ts'
import type { Resolvers, SubgraphQuery } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { size: Size @shareable, sizes: [Size!]! @shareable }
  type Size { height: Int!, unit: Unit @shareable }
  type Unit { symbol: String }
`

export const resolvers: Resolvers = {}

/** One path for the whole answer, or none. */
export const answer = ({ query }: SubgraphQuery) => {
  const path = query.includes('sizes') ? {} : { path: ['size'] }
  const error = { message: 'Not now.', extensions: { code: 'CONFLICT' }, ...path }
  return Response.json({ data: null, errors: [error] })
}
