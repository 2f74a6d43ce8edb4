export const nodes = [
  { id: '1', a: 1, c: 3, e: 5 },
  { id: '2', a: 11, c: 13, e: 15 },
]
