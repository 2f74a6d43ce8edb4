export const me = { id: '1', name: 'Ada', email: 'ada@example.org' }
