export const things = [
  { __typename: 'Ebook', id: '1', isbn: 'i1', pages: 4 },
  { __typename: 'Chair', id: '2', legs: 4 },
]
