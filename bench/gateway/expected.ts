import { buildSchema, graphqlSync } from 'graphql'
import { rows } from './data.ts'
import { dataIn, type Naming } from './naming.ts'
import { documentOf, type OperationName } from './operations.ts'

/** The whole graph as one schema: no gateway has a say in what the right answer is. */
const schema = buildSchema(`
  type Query { users: [User], topProducts: [Product] }
  type User { id: ID!, name: String, username: String, birthday: Int, reviews: [Review] }
  type Review { id: ID!, body: String, product: Product, author: User }
  type Product {
    upc: String!, name: String, price: Int, weight: Int, inStock: Boolean, shippingEstimate: Int
    reviews: [Review]
  }
`)

type Review = (typeof rows.reviews.entities.Review)[number]

const reviewOf = (review: Review): Record<string, unknown> => ({
  ...review,
  product: () => productOf(review.product.upc),
  author: () => userOf(review.author.id),
})

function productOf(key: string) {
  const of = <Row extends { readonly upc: string }>(found: readonly Row[]) =>
    found.find(({ upc }) => upc === key)
  const written = of(rows.reviews.entities.Product)?.reviews ?? []
  const product = { ...of(rows.products.entities.Product), ...of(rows.inventory.entities.Product) }
  return { ...product, reviews: () => written.map(reviewOf) }
}

function userOf(key: string) {
  const user = rows.accounts.entities.User.find(({ id }) => id === key)
  const written = rows.reviews.entities.User.find(({ id }) => id === key)?.reviews ?? []
  return { ...user, reviews: () => written.map(reviewOf) }
}

const rootValue = {
  users: () => rows.accounts.root.users.map(({ id }) => userOf(id)),
  topProducts: () => rows.products.root.topProducts.map(({ upc }) => productOf(upc)),
}

/** The one right answer to an operation. */
export function expectedOf(name: OperationName, naming: Naming): unknown {
  const { data, errors } = graphqlSync({ schema, rootValue, source: documentOf(name) })
  if (errors) throw new Error(`The benchmark's own schema failed: ${Bun.inspect(errors)}`)
  return { data: dataIn(naming, JSON.parse(JSON.stringify(data))) }
}
