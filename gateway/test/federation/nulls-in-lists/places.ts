import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { grid } from './data.ts'

export const sdl = `${link}
  type Query { row: [Spot], grid: [[Spot]], cube: [[[Spot]]!], none: [Spot], empty: [[Spot!]!]! }
  type Spot @key(fields: "id") { id: ID! }
`

export const resolvers: Resolvers = {
  Query: {
    row: () => [null, { id: '3' }, null],
    grid: () => grid,
    cube: () => [grid, [null, [{ id: '2' }]]],
    none: () => null,
    empty: () => [[], [{ id: '1' }]],
  },
}
