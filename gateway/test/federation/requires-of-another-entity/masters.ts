import { link } from '../harness/link.ts'
import type { Resolvers } from '../harness/subgraph.ts'
import { costs, tiers } from './data.ts'

export const sdl = `${link}
  type User @key(fields: "id") { id: ID!, tier: String }
  type Product @key(fields: "sku") { sku: ID!, cost: Int }
`

export const resolvers: Resolvers = {
  User: { tier: ({ id }) => tiers[String(id)] },
  Product: { cost: ({ sku }) => costs[String(sku)] },
}
