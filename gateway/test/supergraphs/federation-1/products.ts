export const sdl = `
extend type Query {
  topProducts(first: Int = 5): [Product]
  product(upc: String!): Product
  vehicle(id: String!): Vehicle
  roles: [Role]
}
interface Product { upc: String!, name: String, price: String, details: Details }
interface Details { country: String }
type BookDetails implements Details { country: String, pages: Int }
type FurnitureDetails implements Details { country: String, color: String }
type Book implements Product @key(fields: "upc") {
  upc: String!
  name: String
  price: String
  details: BookDetails
  weight: Int
  dims: Dims
}
type Furniture implements Product @key(fields: "upc") @key(fields: "sku") {
  upc: String!
  sku: String!
  name: String
  price: String
  details: FurnitureDetails
  weight: Int
  dims: Dims
  metadata: [Meta]
}
type Dims { h: Int, w: Int }
union Meta = KV | Err
type KV { key: String!, value: String! }
type Err { code: Int, message: String }
interface Vehicle { id: String!, price: String }
type Car implements Vehicle @key(fields: "id") { id: String!, price: String }
type Van implements Vehicle @key(fields: "id") { id: String!, price: String }
enum Role { A B }
extend type User @key(fields: "id") { id: ID! @external, vehicle: Vehicle, thing: Thing }
union Thing = Car | Ikea
type Ikea { asile: Int }
`

const book = {
  __typename: 'Book',
  ...{ upc: 'b1', name: 'Notes', price: '10', weight: 3, dims: { h: 4, w: 5 } },
  details: { country: 'UK', pages: 120 },
}
const chair = {
  __typename: 'Furniture',
  ...{ upc: 'f1', sku: 's1', name: 'Chair', price: '90', weight: 8, dims: { h: 80, w: 40 } },
  details: { country: 'SE', color: 'red' },
  metadata: [{ code: 1, message: 'worn' }],
}
const all = [book, chair]
const byUpc = ({ upc }: { upc?: string }) => all.find((one) => one.upc === upc)

export const resolvers = {
  Query: {
    topProducts: () => all,
    product: (_: unknown, args: { upc: string }) => byUpc(args),
    vehicle: (_: unknown, { id }: { id: string }) => ({ id, price: '1' }),
    roles: () => ['A', 'B'],
  },
  Book: { __resolveReference: byUpc },
  Furniture: {
    __resolveReference: ({ upc, sku }: { upc?: string; sku?: string }) =>
      sku === chair.sku || upc === chair.upc ? chair : null,
  },
  User: {
    __resolveReference: (reference: { id: string }) => reference,
    vehicle: ({ id }: { id: string }) => ({ id: `v${id}`, price: '5' }),
    thing: ({ id }: { id: string }) => (id === '1' ? { id: 'c1', price: '9' } : { asile: 12 }),
  },
  Vehicle: { __resolveType: ({ id }: { id: string }) => (id === 'v2' ? 'Van' : 'Car') },
  Thing: { __resolveType: (it: object) => ('asile' in it ? 'Ikea' : 'Car') },
  Meta: { __resolveType: (it: object) => ('key' in it ? 'KV' : 'Err') },
}
