import { GraphQLError } from 'graphql'
import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { detail: Int }
  type Thing @key(fields: "id") { id: ID!, colour: String, size: Int! }
`

/** Thrown where Apollo's library makes the list: `_entities` fails as a whole, and it is no null. */
const never = () => {
  throw new GraphQLError('Closed.', { extensions: { code: 'CONFLICT' } })
}

export const resolvers: Resolvers = {
  Query: { detail: () => 7 },
  Thing: { __resolveReference: never },
}
