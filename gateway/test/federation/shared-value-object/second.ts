import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { viewer } from './data.ts'

export const sdl = `${link}
  type Query { viewer: Viewer @shareable, settings: Settings! @shareable }
  type Viewer { email: String, theme: Theme! @shareable }
  type Theme { font: String, ratio: Int! @shareable }
  type Settings { b: Int, both: Int @shareable }
`

export const resolvers: Resolvers = {
  Query: { viewer: () => viewer, settings: () => ({ b: 2, both: 3 }) },
  Theme: { ratio: () => 2 },
}
