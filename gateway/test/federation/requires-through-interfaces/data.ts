export const carts = [
  {
    id: '1',
    items: [
      { __typename: 'Book', id: 'b', title: 'Emma', pages: 400 },
      { __typename: 'Seat', id: 's', row: 7, price: 50 },
    ],
    gift: { __typename: 'Seat', id: 't', row: 1, price: 90 },
  },
  { id: '2', items: [], gift: { __typename: 'Book', id: 'c', title: 'Persuasion', pages: 200 } },
]
