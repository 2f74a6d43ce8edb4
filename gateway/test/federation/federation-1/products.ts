import { products } from './data.ts'

export const sdl = `
extend type Query { top(first: Int = 5): [Product] }
type Product @key(fields: "upc") { upc: String!, name: String, price: Int, weight: Int }
`

export const resolvers = {
  Query: { top: (_: unknown, { first }: { first: number }) => products.slice(0, first) },
  Product: {
    __resolveReference: ({ upc }: { upc: string }) => products.find((one) => one.upc === upc),
  },
}
