export const pets = [
  { __typename: 'Dog', id: 'd1', name: 'Rex' },
  { __typename: 'Cat', id: 'c1', name: 'Mia' },
]

export const typeOf = ({ __typename }: { __typename: string }) => __typename
