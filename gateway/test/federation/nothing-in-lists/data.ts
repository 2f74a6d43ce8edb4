export const groups = [
  { id: 'g1', members: [] },
  { id: 'g2', members: [null, null] },
  { id: 'g3', members: null },
]

/** Keys that are nothing to a condition, and yet are keys. */
export const keys = [
  { number: 0, text: '', flag: false },
  { number: -1, text: '0', flag: true },
]
