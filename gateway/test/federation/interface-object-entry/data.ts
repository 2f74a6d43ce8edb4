export const media = [
  { __typename: 'Book', id: '1', title: 'Emma', pages: 400 },
  { __typename: 'Film', id: '2', title: 'Clueless', minutes: 97 },
]

export const ratings: Readonly<Record<string, number>> = { 1: 5, 2: 4, lost: 1 }
