export const friend = { id: 'f' }
