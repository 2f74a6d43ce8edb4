import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { codes, flags, words } from './data.ts'

export const sdl = `${link}
  type Query { numbers: [Number!]!, words: [Word!]!, flags: [Flag!]!, places: [Place!]! }
  type Number @key(fields: "code") { code: Int! }
  type Word @key(fields: "text") { text: String! }
  type Flag @key(fields: "on") { on: Boolean! }
  type Place @key(fields: "country zip") { country: String!, zip: String }
`

export const resolvers: Resolvers = {
  Query: {
    numbers: () => codes.map((code) => ({ code })),
    words: () => words.map((text) => ({ text })),
    flags: () => flags.map((on) => ({ on })),
    places: () => [
      { country: 'CH', zip: '3000' },
      { country: 'CH', zip: '' },
      { country: 'HK', zip: null },
    ],
  },
}
