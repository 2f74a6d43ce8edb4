export const item = { id: '1', name: 'One' }
