import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { loans } from './data.ts'

export const sdl = `${link}
  type Query { loans: [Loan!]! }
  type Loan @key(fields: "id") { id: ID!, medium: Medium!, extra: Thing }
  interface Medium { title: String! }
  type Book implements Medium @shareable { title: String!, pages: Int! }
  type Film implements Medium @shareable { title: String!, minutes: Int! }
  type Song implements Medium @shareable { title: String! }
  union Thing = Book | Film | Song
`

export const resolvers: Resolvers = {
  Query: { loans: () => loans },
  Loan: { __resolveReference: ({ id }) => loans.find((loan) => loan.id === id) },
}
