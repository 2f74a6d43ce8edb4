import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { viewer } from './data.ts'

export const sdl = `${link}
  type Query { viewer: Viewer @shareable, settings: Settings! @shareable }
  type Viewer { name: String, theme: Theme! @shareable }
  type Theme { colour: String, ratio: Int! @shareable }
  type Settings { a: Int, both: Int @shareable }
`

export const resolvers: Resolvers = {
  Query: { viewer: () => viewer, settings: () => ({ a: 1, both: 3 }) },
  Theme: { ratio: () => 2 },
}
