export const events = [
  { __typename: 'Talk', id: 't', speaker: 'Ada' },
  { __typename: 'Meal', id: 'm', dish: 'Soup' },
]
