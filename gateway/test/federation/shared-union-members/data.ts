export const book = { __typename: 'Book', id: 'b1', title: 'Emma' }
export const film = { __typename: 'Film', id: 'f1', title: 'Clueless' }
