import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { cars } from './data.ts'

export const sdl = `${link}
  type Query { cars: [Car!]! }
  type Car @key(fields: "id plate { canton number }") @key(fields: "plate { canton number }") {
    id: ID!
    plate: Plate!
    colour: String
  }
  type Plate @shareable { canton: String!, number: Int! }
`

const find = ({ plate }: Record<string, unknown>) =>
  cars.find((car) => JSON.stringify(car.plate) === JSON.stringify(plate))

export const resolvers: Resolvers = {
  Query: { cars: () => cars },
  Car: { __resolveReference: find },
}
