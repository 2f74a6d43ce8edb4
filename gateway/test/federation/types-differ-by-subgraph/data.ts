export const ada = { __typename: 'Person', id: 'p', name: 'Ada' }
