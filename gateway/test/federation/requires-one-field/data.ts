export const products = [
  { upc: '1', name: 'Table', price: 100, weight: 20 },
  { upc: '2', name: 'Lamp', price: 30, weight: null },
  { upc: '3', name: 'Chair', price: 2, weight: 5 },
]
