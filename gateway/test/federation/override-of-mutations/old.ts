import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { doing, done } from './data.ts'

export const sdl = `${link}
  type Query { done: [String!]! }
  type Mutation { moved: Int!, always: Int!, never: Int!, old: Int! }
`

export const resolvers: Resolvers = {
  Query: { done: () => [...done] },
  Mutation: {
    moved: doing('moved in old'),
    always: doing('always in old'),
    never: doing('never in old'),
    old: doing('old'),
  },
}
