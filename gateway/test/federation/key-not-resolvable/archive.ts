import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { oldest: Author }
  type Author @key(fields: "id", resolvable: false) { id: ID!, nick: String @shareable }
`

const never = () => {
  throw new Error('This subgraph resolves no author.')
}

export const resolvers: Resolvers = {
  Query: { oldest: () => ({ id: '1', nick: 'nick 1' }) },
  Author: { __resolveReference: never },
}
