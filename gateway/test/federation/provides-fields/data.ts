export const books = [
  { id: '1', title: 'Emma', year: 1815, author: { id: 'a1', name: 'Austen', born: 1775 } },
  { id: '2', title: 'Dracula', year: 1897, author: { id: 'a2', name: 'Stoker', born: 1847 } },
]
