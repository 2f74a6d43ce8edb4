export const products = [
  { __typename: 'Book', id: '1', pages: 400, author: { id: 'a1' } },
  { __typename: 'Film', id: '2', minutes: 97, crew: [{ id: 'a1' }, { id: 'a2' }] },
]

export const names: Readonly<Record<string, string>> = { a1: 'Austen', a2: 'Heckerling' }
