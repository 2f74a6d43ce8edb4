import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { names } from './data.ts'

export const sdl = `${link}
  type Person @key(fields: "id") { id: ID!, name: String }
`

export const resolvers: Resolvers = { Person: { name: ({ id }) => names[String(id)] } }
