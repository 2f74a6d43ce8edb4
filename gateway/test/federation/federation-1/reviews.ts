import { reviews } from './data.ts'

export const sdl = `
type Review @key(fields: "id") {
  id: ID!
  body: String
  author: User @provides(fields: "name")
  product: Product
}
extend type User @key(fields: "id") {
  id: ID! @external
  name: String @external
  reviews: [Review]
}
extend type Product @key(fields: "upc") {
  upc: String! @external
  weight: Int @external
  price: Int @external
  reviews: [Review]
  postage: Int @requires(fields: "price weight")
}
`

type Product = { readonly upc: string; readonly price: number; readonly weight: number }
type User = { readonly id: string }

export const resolvers = {
  Review: {
    __resolveReference: ({ id }: { id: string }) => reviews.find((review) => review.id === id),
  },
  User: {
    __resolveReference: (reference: User) => reference,
    name: ({ id }: User) => (id === 'u1' ? 'Ada' : 'Bob'),
    reviews: ({ id }: User) => reviews.filter(({ author }) => author.id === id),
  },
  Product: {
    __resolveReference: (reference: Product) => reference,
    reviews: ({ upc }: Product) => reviews.filter(({ product }) => product.upc === upc),
    postage: ({ price, weight }: Product) => (price > 500 ? 0 : weight * 2),
  },
}
