export const posts = [
  { __typename: 'Text', id: '1', title: 'One', words: 10 },
  { __typename: 'Image', id: '2', title: 'Two', width: 20 },
]
