import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { media } from './data.ts'

export const sdl = `${link}
  type Query {
    lent: [Medium!]! @provides(fields: "... on Book { title }")
    found: [Thing!]! @provides(fields: "... on Film { title }")
  }
  interface Medium { id: ID! }
  union Thing = Book | Film
  type Book implements Medium @key(fields: "id") { id: ID!, title: String @external }
  type Film implements Medium @key(fields: "id") { id: ID!, title: String @external }
`

const known = (typeName: string) =>
  media.map(({ __typename, id, title }) =>
    // Only the title that is promised is there.
    __typename === typeName ? { __typename, id, title } : { __typename, id },
  )

export const resolvers: Resolvers = {
  Query: { lent: () => known('Book'), found: () => known('Film') },
}
