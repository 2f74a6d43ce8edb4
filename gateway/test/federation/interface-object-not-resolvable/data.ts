export const nodes = [
  { __typename: 'User', id: 'u', name: 'Ada' },
  { __typename: 'Team', id: 't', size: 3 },
]
