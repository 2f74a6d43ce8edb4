import { composeServices } from '@theguild/federation-composition'
import { parse } from 'graphql'
import { documentIn, type Naming } from './naming.ts'

const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.3"
  import: ["@key", "@external", "@requires", "@provides"]
)`

/** The four subgraphs of the public gateway benchmark. */
const subgraphs = {
  accounts: `
    type Query { me: User, user(id: ID!): User, users: [User] }
    type User @key(fields: "id") { id: ID!, name: String, username: String, birthday: Int }`,
  inventory: `
    type Product @key(fields: "upc") {
      upc: String!
      weight: Int @external
      price: Int @external
      inStock: Boolean
      shippingEstimate: Int @requires(fields: "price weight")
    }`,
  products: `
    type Query { topProducts(first: Int = 5): [Product] }
    type Product @key(fields: "upc") { upc: String!, name: String, price: Int, weight: Int }`,
  reviews: `
    type Review @key(fields: "id") {
      id: ID!
      body: String
      product: Product
      author: User @provides(fields: "username")
    }
    type User @key(fields: "id") { id: ID!, username: String @external, reviews: [Review] }
    type Product @key(fields: "upc") { upc: String!, reviews: [Review] }`,
}

export type SubgraphName = keyof typeof subgraphs
export const subgraphNames = ['accounts', 'inventory', 'products', 'reviews'] as const

export const schemaTextOf = (name: SubgraphName, naming: Naming): string =>
  `${link}\n${documentIn(naming, subgraphs[name])}`

/** The composed supergraph, whose subgraphs answer under `origin`. */
export function supergraphOf(naming: Naming, origin: string): string {
  const composed = composeServices(
    subgraphNames.map((name) => ({
      ...{ name, url: `${origin}/${naming.name}/${name}` },
      typeDefs: parse(schemaTextOf(name, naming)),
    })),
  )
  if (!composed.supergraphSdl) throw new Error(`Not composed: ${Bun.inspect(composed.errors)}`)
  return composed.supergraphSdl
}
