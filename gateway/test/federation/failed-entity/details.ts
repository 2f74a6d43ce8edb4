import { GraphQLError } from 'graphql'
import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Thing @key(fields: "id") { id: ID!, colour: String, size: Int!, owner: Owner }
  type Owner { name: String! }
`

/** One of the things cannot be found at all: the entity itself is the error, not a field of it. */
const byId = async ({ id }: Record<string, unknown>) => {
  if (id === '2') throw new GraphQLError('Lost.', { extensions: { code: 'NOT_FOUND' } })
  return { id, colour: 'red', size: Number(id), owner: { name: `owner ${id}` } }
}

export const resolvers: Resolvers = { Thing: { __resolveReference: byId } }
