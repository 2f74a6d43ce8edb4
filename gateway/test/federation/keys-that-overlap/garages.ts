import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { repaired: [Car!]! }
  type Car @key(fields: "id plate { canton number }") { id: ID!, plate: Plate!, garage: String }
  type Plate @shareable { canton: String!, number: Int! }
`

export const resolvers: Resolvers = {
  Query: { repaired: () => [{ id: '1', plate: { canton: 'BE', number: 7 } }] },
  Car: {
    garage: ({ id, plate }) => {
      const { canton } = Object(plate)
      return `garage of ${id} in ${canton}`
    },
  },
}
