export const books = [
  { isbn: '1', title: 'Emma' },
  { isbn: '2', title: 'Persuasion' },
  { isbn: '3', title: 'Sanditon' },
]

export const stock: Readonly<Record<string, number>> = { 1: 4, 3: 7 }
