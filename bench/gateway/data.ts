/**
 * As many rows, of the same lengths, as the public benchmark's: 6 people, 9 products and 11
 * reviews. The first person wrote every review; everybody is said to have written the first two.
 */
const passage =
  `Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut
labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea
commodo consequat. Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat nulla pariatur.
Excepteur sint occaecat cupidatat non proident, sunt in culpa qui officia deserunt mollit anim id est laborum. `
    .replaceAll('\n', ' ')
    .repeat(2)

const people = [
  ['Ada Lovelaces', 'adal1'],
  ['Alan Turing', 'alanturing'],
  ['Grace Hopper1', 'gracebhopper'],
  ['Edsger Dijkst', 'edsgerd'],
  ['Tony Hoare1', 'tonyhoare1'],
  ['Barbara Lisk', 'liskov'],
]

const users = people.map(([name, username], index) => ({
  ...{ id: String(index + 1), name, username, birthday: 1_234_567_890 },
}))

const products = [
  { name: 'Bench', price: 899, weight: 100, inStock: true },
  { name: 'Stove', price: 1_299, weight: 1_000, inStock: false },
  { name: 'Clock', price: 15, weight: 20, inStock: false },
  { name: 'Shelf', price: 499, weight: 100, inStock: false },
  { name: 'PC', price: 1_299, weight: 1_000, inStock: true },
  { name: 'Desk', price: 6_999, weight: 300, inStock: true },
  { name: 'Stool', price: 3_999, weight: 2_000, inStock: true },
  { name: 'Carpet', price: 100_000, weight: 6_000, inStock: false },
  { name: 'Oven', price: 9_999, weight: 800, inStock: true },
].map((product, index) => ({ upc: String(index + 1), ...product }))

/** Product, and how long the text is. */
const written: readonly (readonly [number, number])[] = [
  ...([
    [1, 445],
    [1, 290],
    [1, 273],
    [1, 144],
    [2, 445],
    [2, 290],
  ] as const),
  ...([
    [2, 273],
    [2, 144],
    [3, 144],
    [4, 144],
    [4, 850],
  ] as const),
]

const reviews = written.map(([upc, length], index) => ({
  id: String(index + 1),
  body: passage.slice(index, index + length),
  product: { upc: String(upc) },
  author: { id: '1', username: people[0]?.[1] },
}))

/** A dear product is sent for nothing, any other for half of its weight. */
const shippingOf = ({ price, weight }: { readonly price: number; readonly weight: number }) =>
  price > 1_000 ? 0 : weight / 2

/** For each subgraph, its root fields and its entities by type and key. */
export const rows = {
  accounts: {
    root: { users, me: users[0] },
    entities: { User: users },
  },
  inventory: {
    root: {},
    entities: {
      Product: products.map(({ upc, inStock, ...product }) => ({
        ...{ upc, inStock, shippingEstimate: shippingOf(product) },
      })),
    },
  },
  products: {
    root: { topProducts: products.slice(0, 5) },
    entities: { Product: products },
  },
  reviews: {
    root: {},
    entities: {
      Review: reviews,
      User: users.map(({ id }) => ({ id, reviews: reviews.slice(0, 2) })),
      Product: products.map(({ upc }) => ({
        ...{ upc, reviews: reviews.filter(({ product }) => product.upc === upc) },
      })),
    },
  },
}
