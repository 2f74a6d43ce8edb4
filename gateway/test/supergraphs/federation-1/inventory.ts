export const sdl = `
interface Product { inStock: Boolean }
extend type Book implements Product @key(fields: "upc") {
  upc: String! @external
  weight: Int @external
  dims: Dims @external
  inStock: Boolean
  shipping: Int @requires(fields: "weight dims { h }")
}
type Dims { h: Int, w: Int }
extend type Furniture implements Product @key(fields: "sku") {
  sku: String! @external
  inStock: Boolean
}
`

type Parcel = { readonly weight: number; readonly dims: { readonly h: number } }

export const resolvers = {
  Book: {
    __resolveReference: (reference: object) => reference,
    inStock: () => true,
    shipping: ({ weight, dims }: Parcel) => weight * 100 + dims.h,
  },
  Furniture: {
    __resolveReference: (reference: object) => reference,
    inStock: ({ sku }: { sku: string }) => sku !== 's1',
  },
}
