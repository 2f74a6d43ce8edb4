export const works = [
  { __typename: 'Book', id: 'b', title: 'Emma', pages: 400 },
  { __typename: 'Film', id: 'f', title: 'Alien', minutes: 117 },
]

export const typeOf = ({ __typename }: { __typename: string }) => __typename

export const workOf = ({ id }: { id: string }) => works.find((work) => work.id === id)
