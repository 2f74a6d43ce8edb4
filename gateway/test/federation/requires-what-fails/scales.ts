import { GraphQLError } from 'graphql'
import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { ids, weights } from './data.ts'

export const sdl = `${link}
  type Query { parcels: [Parcel]!, parcel(id: ID!): Parcel }
  type Parcel @key(fields: "id") { id: ID!, weight: Int, mass: Int! }
`

const weigh = ({ id }: Record<string, unknown>) => {
  if (id === 'bad') throw new GraphQLError('Broken scale.', { extensions: { code: 'CONFLICT' } })
  return weights[String(id)] ?? null
}

export const resolvers: Resolvers = {
  Query: {
    parcels: () => ids.map((id) => ({ id })),
    parcel: (_, { id }) => ({ id }),
  },
  Parcel: { weight: weigh, mass: (parcel) => weigh(parcel) ?? 0 },
}
