import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { size: Size @shareable, sizes: [Size!]! @shareable }
  type Size { width: Int, unit: Unit @shareable }
  type Unit { name: String }
`

const size = (width: number) => ({ width, unit: { name: 'metre' } })

export const resolvers: Resolvers = {
  Query: { size: () => size(1), sizes: () => [size(2), size(3)] },
}
