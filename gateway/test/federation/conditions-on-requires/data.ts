export const boxes = [
  { id: '1', height: 2, width: 3 },
  { id: '2', height: 4, width: 5 },
]
