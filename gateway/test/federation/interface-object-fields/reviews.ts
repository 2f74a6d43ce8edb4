import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { ratings, stars } from './data.ts'

export const sdl = `${link}
  type Product @key(fields: "id") @interfaceObject {
    id: ID!
    rating(scale: Int = 1): Int
    reviews: [Review!]!
  }
  type Review { stars: Int! }
`

export const resolvers: Resolvers = {
  Product: {
    rating: ({ id }, { scale }) => (ratings[String(id)] ?? 0) * Number(scale),
    reviews: ({ id }) => stars[String(id)]?.map((count) => ({ stars: count })),
  },
}
