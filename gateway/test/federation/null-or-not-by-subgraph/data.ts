export const items = [
  { __typename: 'Book', id: '1', label: 'Emma', rank: 1 },
  { __typename: 'Film', id: '2', label: null, rank: 2 },
]
