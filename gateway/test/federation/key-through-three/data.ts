export const chain = [
  { a: 'a1', b: 'b1', c: 'c1' },
  { a: 'a2', b: 'b2', c: 'c2' },
]

export const where = (reference: Record<string, unknown>) =>
  chain.find((one) => Object.entries(one).some(([key, value]) => value === reference[key]))
