import { GraphQLError } from 'graphql'
import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { item } from './data.ts'

export const sdl = `${link}
  type Query { maybe: Int, surely: Int!, list: [Int], strictList: [Int!], item: Item, items: [Item!] }
  type Item @key(fields: "id") { id: ID!, name: String!, parts: [Part!] }
  type Part { size: Int! }
`

const fail = () => {
  throw new GraphQLError('Broken.', { extensions: { code: 'CONFLICT' } })
}
const rejected = async () => fail()

export const resolvers: Resolvers = {
  Query: {
    maybe: fail,
    surely: fail,
    list: () => [1, rejected(), null, 3],
    strictList: () => [1, rejected(), 3],
    item: () => item,
    items: () => [item, { id: '2', name: null }],
  },
  Item: { parts: () => [{ size: 1 }, {}] },
}
