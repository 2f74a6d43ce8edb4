export const finds = [
  { __typename: 'Book', id: '1', title: 'Emma' },
  { __typename: 'Draft', id: '2', title: 'Unfinished' },
]
