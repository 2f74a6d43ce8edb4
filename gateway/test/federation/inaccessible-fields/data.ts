export const parcels = [
  { id: '1', code: 'c1', name: 'Book', grams: 400 },
  { id: '2', code: 'c2', name: 'Anvil', grams: 90_000 },
]
