import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { accounts, codeOf } from './data.ts'

export const sdl = `${link}
  type Query { accounts: [Account!]! }
  type Account @key(fields: "id owner { org { code } }") { id: ID!, owner: Owner!, balance: Int }
  type Owner @shareable { org: Org!, name: String }
  type Org @shareable { code: ID! }
`

export const resolvers: Resolvers = {
  Query: { accounts: () => accounts },
  Account: {
    __resolveReference: ({ id, owner }) =>
      accounts.find((one) => one.id === id && one.owner.org.code === codeOf(owner)),
  },
}
