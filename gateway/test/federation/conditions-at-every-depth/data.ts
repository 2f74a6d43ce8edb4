export const firms = [
  { id: '1', name: 'Acme', boss: { id: 'p1' } },
  { id: '2', name: 'Bolt', boss: { id: 'p2' } },
]
