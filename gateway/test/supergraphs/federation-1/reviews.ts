export const sdl = `
extend type Query { topReviews(first: Int): [Review] }
extend type Mutation { review(upc: String!, input: In): Review }
input In { body: String, stars: Int }
type Review @key(fields: "id") {
  id: ID!
  body: String
  author: User @provides(fields: "username")
  product: Product
  metadata: [Meta]
}
union Meta = KV | Err
type KV { key: String!, value: String! }
type Err { code: Int, message: String }
extend type User @key(fields: "id") {
  id: ID! @external
  username: String @external
  reviews: [Review]
}
interface Product { reviews: [Review] }
extend type Book implements Product @key(fields: "upc") { upc: String! @external, reviews: [Review] }
extend type Furniture implements Product @key(fields: "upc") {
  upc: String! @external
  reviews: [Review]
}
`

const good = {
  ...{ id: 'r1', body: 'Good.', author: { id: '1', username: 'ada' } },
  product: { __typename: 'Book', upc: 'b1' },
  metadata: [{ key: 'seen', value: 'yes' }],
}
const hard = {
  ...{ id: 'r2', body: 'Hard.', author: { id: '2', username: 'bob' } },
  product: { __typename: 'Furniture', upc: 'f1' },
  metadata: [],
}
const all = [good, hard]
const about = ({ upc }: { upc: string }) => all.filter(({ product }) => product.upc === upc)

export const resolvers = {
  Query: { topReviews: () => all },
  Mutation: {
    review: (_: unknown, { upc, input }: { upc: string; input?: { body: string } }) => ({
      ...good,
      ...{ id: 'r3', body: input?.body, product: { __typename: 'Book', upc } },
    }),
  },
  User: {
    __resolveReference: (reference: object) => reference,
    reviews: ({ id }: { id: string }) => all.filter(({ author }) => author.id === id),
  },
  Book: { __resolveReference: (reference: object) => reference, reviews: about },
  Furniture: { __resolveReference: (reference: object) => reference, reviews: about },
  Meta: { __resolveType: (it: object) => ('key' in it ? 'KV' : 'Err') },
}
