export const books = [{ __typename: 'Book', id: '1', name: 'Emma', pages: 400 }]
export const films = [{ __typename: 'Film', id: '2', name: 'Clueless', minutes: 97 }]
export const products = [...books, ...films]

export const ratings: Readonly<Record<string, number>> = { 1: 5, 2: 4 }
export const stars: Readonly<Record<string, readonly number[]>> = { 1: [5, 4], 2: [] }
