import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { events } from './data.ts'

export const sdl = `${link}
  type Query { events: [Event!]! }
  interface Event @key(fields: "id") { id: ID! }
  type Talk implements Event @key(fields: "id") { id: ID!, speaker: String }
  type Meal implements Event @key(fields: "id") { id: ID!, dish: String }
`

const byId = ({ id }: Record<string, unknown>) => events.find((event) => event.id === id)

export const resolvers: Resolvers = {
  Query: { events: () => events },
  Event: { __resolveReference: byId },
  Talk: { __resolveReference: byId },
  Meal: { __resolveReference: byId },
}
