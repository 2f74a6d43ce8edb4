export const results = [
  { __typename: 'Song', id: 's', seconds: 200 },
  { __typename: 'Album', id: 'a', tracks: 12 },
  { __typename: 'Artist', id: 'x', name: 'Nina' },
]

export const typeOf = ({ __typename }: { __typename: string }) => __typename
