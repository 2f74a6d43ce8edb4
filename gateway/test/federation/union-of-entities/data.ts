export const hits = [
  { __typename: 'Song', isrc: 's1' },
  { __typename: 'Artist', id: 'a1' },
  { __typename: 'Song', isrc: 's2' },
  { __typename: 'Label', code: 'l1', country: 'CH' },
]
