import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { next } from './data.ts'

export const sdl = `${link}
  type Person @key(fields: "id") { id: ID!, best: Person, all(first: Int = 1): [Person!]! }
  type Account @key(fields: "no") { no: ID!, balance: Int, holder: Person! }
`

const friendOf = ({ id }: Record<string, unknown>) => ({ id: next[String(id)] })

export const resolvers: Resolvers = {
  Person: {
    best: friendOf,
    all: (person, { first }) =>
      [friendOf(person), friendOf(friendOf(person))].slice(0, Number(first)),
  },
  Account: {
    balance: ({ no }) => String(no).charCodeAt(1),
    holder: ({ no }) => ({ id: String(no).slice(1) }),
  },
}
