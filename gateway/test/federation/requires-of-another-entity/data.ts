export const orders = [
  {
    id: '1',
    buyer: { id: 'u1' },
    lines: [
      { sku: 'a', count: 2 },
      { sku: 'b', count: 1 },
    ],
  },
  { id: '2', buyer: null, lines: [] },
]

export const tiers: Readonly<Record<string, string>> = { u1: 'gold' }
export const costs: Readonly<Record<string, number>> = { a: 5, b: 7 }
