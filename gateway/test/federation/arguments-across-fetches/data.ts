export const trips = [
  { id: '1', legs: [{ from: 'Bern', to: 'Rom' }] },
  {
    id: '2',
    legs: [
      { from: 'Rom', to: 'Bern' },
      { from: 'Bern', to: 'Basel' },
    ],
  },
]
