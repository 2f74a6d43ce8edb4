import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Loan @key(fields: "id") {
    id: ID!
    medium: Medium! @external
    extra: Thing @external
    days: Int! @requires(fields: "medium { title ... on Book { pages } ... on Film { minutes } }")
    extraDays: Int @requires(fields: "extra { ... on Book { pages } ... on Film { minutes } }")
  }
  interface Medium { title: String! }
  type Book implements Medium @shareable { title: String!, pages: Int! }
  type Film implements Medium @shareable { title: String!, minutes: Int! }
  type Song implements Medium @shareable { title: String! }
  union Thing = Book | Film | Song
`

type Medium = { readonly title?: string; readonly pages?: number; readonly minutes?: number }
type Loan = { readonly medium: Medium; readonly extra: Medium | null }

const daysFor = ({ pages, minutes }: Medium) => (pages ?? 0) / 10 + (minutes ?? 0)

export const resolvers: Resolvers = {
  Loan: {
    days: ({ medium }: Loan) => daysFor(medium) + (medium.title?.length ?? 1_000),
    extraDays: ({ extra }: Loan) => extra && daysFor(extra),
  },
}
