export const shelf = [
  { __typename: 'Novel', id: 'n1', title: 'Emma', author: { id: 'a1', name: 'Jane' } },
  { __typename: 'Atlas', id: 't1', title: 'World', maps: 90 },
]

export const typeOf = ({ __typename }: { __typename: string }) => __typename
