export const authors = [
  { id: '1', name: 'Ada' },
  { id: '2', name: 'Bob' },
]
