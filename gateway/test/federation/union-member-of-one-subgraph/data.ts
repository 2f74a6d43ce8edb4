export const book = { __typename: 'Book', id: 'b1', title: 'Emma', pages: 400 }
export const film = { __typename: 'Film', id: 'f1', title: 'Clueless', minutes: 97 }
export const song = { __typename: 'Song', id: 's1', title: 'Suite' }
