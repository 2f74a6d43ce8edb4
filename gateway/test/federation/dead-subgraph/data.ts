export const plants = [
  { id: '1', name: 'Fern', leaf: { id: 'l1' } },
  { id: '2', name: 'Rose', leaf: null },
]
