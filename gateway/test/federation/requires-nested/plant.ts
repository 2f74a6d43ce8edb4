import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { machines } from './data.ts'

export const sdl = `${link}
  type Query { machines: [Machine!]! }
  type Machine @key(fields: "id") { id: ID!, size: Size, parts: [Part]! }
  type Size @shareable { width: Int!, height: Int! }
  type Part @shareable { cost: Int!, name: String }
`

export const resolvers: Resolvers = { Query: { machines: () => machines } }
