import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { note, page, photo } from './data.ts'

export const sdl = `${link}
  type Query { nodes: [Node!]!, resources: [Resource!]!, links: [Link!]! }
  interface Node { id: ID! }
  interface Resource implements Node { id: ID!, url: String! }
  union Link = Page | Note
  type Page implements Node & Resource @key(fields: "id") { id: ID!, url: String!, title: String }
  type Photo implements Node & Resource @key(fields: "id") { id: ID!, url: String!, width: Int }
  type Note implements Node @key(fields: "id") { id: ID! }
`

export const resolvers: Resolvers = {
  Query: {
    nodes: () => [page, note, photo],
    resources: () => [photo, page],
    links: () => [note, page],
  },
}
