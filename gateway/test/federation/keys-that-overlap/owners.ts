import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { stolen: Car }
  type Car @key(fields: "plate { canton number }") { plate: Plate!, owner: String }
  type Plate @shareable { canton: String!, number: Int! }
`

export const resolvers: Resolvers = {
  Query: { stolen: () => ({ plate: { canton: 'ZH', number: 7 } }) },
  Car: {
    owner: ({ plate }) => {
      const { canton, number } = Object(plate)
      return `owner of ${canton} ${number}`
    },
  },
}
