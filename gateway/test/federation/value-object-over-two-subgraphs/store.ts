import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { stored: Product }
  type Product @key(fields: "id") { id: ID!, size: Size @shareable, place: String }
  type Size { weight: Int, unit: Unit @shareable }
  type Unit { word: String }
`

export const resolvers: Resolvers = {
  Query: { stored: () => ({ id: '2' }) },
  Product: {
    place: ({ id }) => `place ${id}`,
    size: ({ id }) => ({ weight: Number(id) * 7, unit: { word: 'centimetre' } }),
  },
}
