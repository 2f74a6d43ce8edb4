import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Number @key(fields: "code") { code: Int!, double: Int }
  type Word @key(fields: "text") { text: String!, letters: Int! }
  type Flag @key(fields: "on") { on: Boolean!, not: Boolean! }
  type Place @key(fields: "country zip") { country: String!, zip: String, said: String }
`

export const resolvers: Resolvers = {
  Number: { double: ({ code }) => Number(code) + Number(code) },
  Word: { letters: ({ text }) => String(text).length },
  Flag: { not: ({ on }) => !on },
  Place: { said: ({ country, zip }) => JSON.stringify([country, zip]) },
}
