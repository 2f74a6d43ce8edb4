import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Spot @key(fields: "id") { id: ID!, name: String!, near: [[Spot]], tags: [[String]] }
`

export const resolvers: Resolvers = {
  Spot: {
    name: ({ id }) => `spot ${id}`,
    near: ({ id }) => (id === '1' ? [null, [null, { id: '2' }]] : []),
    tags: ({ id }) => [[String(id), null], null, []],
  },
}
