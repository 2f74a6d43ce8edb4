export const items = [
  { id: '1', net: 100 },
  { id: '2', net: 200 },
]
