import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { doing, done } from './data.ts'

export const sdl = `${link}
  type Query { young: Int }
  type Mutation {
    moved: Int! @override(from: "old")
    always: Int! @override(from: "old", label: "percent(100)")
    never: Int! @override(from: "old", label: "percent(0)")
    journal: [String!]!
  }
`

export const resolvers: Resolvers = {
  Mutation: {
    moved: doing('moved in young'),
    always: doing('always in young'),
    never: doing('never in young'),
    journal: () => [...done],
  },
}
