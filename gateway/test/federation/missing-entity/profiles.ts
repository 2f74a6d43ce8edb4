import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { profiles } from './data.ts'

export const sdl = `${link}
  type User @key(fields: "id") { id: ID!, nick: String!, level: Int, address: Address! }
  type Address { city: String! }
`

export const resolvers: Resolvers = {
  User: { __resolveReference: ({ id }) => profiles.find((profile) => profile.id === id) ?? null },
}
