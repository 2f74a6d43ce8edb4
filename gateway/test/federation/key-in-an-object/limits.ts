import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { codeOf } from './data.ts'

export const sdl = `${link}
  type Query { watched: [Account] }
  type Account @key(fields: "id owner { org { code } }") { id: ID!, owner: Owner!, limit: String }
  type Owner @shareable { org: Org! }
  type Org @shareable { code: ID! }
`

export const resolvers: Resolvers = {
  Query: { watched: () => [{ id: '1', owner: { org: { code: 'y' } } }, null] },
  Account: { limit: ({ id, owner }) => `${id} of ${codeOf(owner)}` },
}
