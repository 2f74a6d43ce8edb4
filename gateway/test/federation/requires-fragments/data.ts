const book = { __typename: 'Book', title: 'Emma', pages: 400 }
const film = { __typename: 'Film', title: 'Clueless', minutes: 97 }
const song = { __typename: 'Song', title: 'Suite' }

export const loans = [
  { id: '1', medium: book, extra: film },
  { id: '2', medium: film, extra: null },
  { id: '3', medium: song, extra: song },
]
