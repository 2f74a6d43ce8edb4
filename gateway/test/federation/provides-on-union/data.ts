export const media = [
  { __typename: 'Book', id: 'b1', title: 'Emma', pages: 400 },
  { __typename: 'Film', id: 'f1', title: 'Clueless', minutes: 97 },
]
