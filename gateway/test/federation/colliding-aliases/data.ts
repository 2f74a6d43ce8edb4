export const users = [
  { id: '1', email: 'ada@example.org', name: 'Ada' },
  { id: '2', email: 'bob@example.org', name: 'Bob' },
]
