export const items = [
  { __typename: 'Book', id: '1', label: 'Emma', rank: 1, by: { name: 'Ada' } },
  { __typename: 'Film', id: '2', label: null, rank: 2, by: { name: null } },
]
