export const machines = [
  {
    id: '1',
    size: { width: 2, height: 3 },
    parts: [
      { cost: 5, name: 'bolt' },
      { cost: 7, name: 'nut' },
    ],
  },
  { id: '2', size: null, parts: [] },
  { id: '3', size: { width: 4, height: 4 }, parts: [{ cost: 1, name: 'pin' }, null] },
]
