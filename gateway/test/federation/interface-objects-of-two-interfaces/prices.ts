import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { cheap: Product }
  type Product @key(fields: "id") @interfaceObject { id: ID!, price: Int }
`

export const resolvers: Resolvers = {
  Query: { cheap: () => ({ id: '1' }) },
  Product: { price: ({ id }) => Number(id) * 10 },
}
