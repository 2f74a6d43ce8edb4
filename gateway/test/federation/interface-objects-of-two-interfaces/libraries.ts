import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'

export const sdl = `${link}
  type Query { borrowed: [Readable] }
  type Readable @key(fields: "isbn") @interfaceObject { isbn: ID!, loans: Int }
`

export const resolvers: Resolvers = {
  Query: { borrowed: () => [null, { isbn: 'i1' }] },
  Readable: { loans: ({ isbn }) => String(isbn).length },
}
