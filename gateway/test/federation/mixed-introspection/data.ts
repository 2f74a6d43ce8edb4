export const towns = [
  { id: '1', name: 'Bern' },
  { id: '2', name: 'Basel' },
]
