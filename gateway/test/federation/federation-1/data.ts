export const products = [
  { upc: 'p1', name: 'Table', price: 900, weight: 100 },
  { upc: 'p2', name: 'Chair', price: 60, weight: 5 },
]

export const reviews = [
  { id: 'r1', body: 'Good.', author: { id: 'u1' }, product: { upc: 'p1' } },
  { id: 'r2', body: 'Small.', author: { id: 'u2' }, product: { upc: 'p2' } },
  { id: 'r3', body: 'Fine.', author: { id: 'u1' }, product: { upc: 'p2' } },
]
