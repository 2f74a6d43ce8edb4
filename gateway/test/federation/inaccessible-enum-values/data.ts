/** One of them is of a grade that the public may not see. */
export const metals = [
  { id: 'tin', grade: 'OPEN' },
  { id: 'uranium', grade: 'HIDDEN' },
]
