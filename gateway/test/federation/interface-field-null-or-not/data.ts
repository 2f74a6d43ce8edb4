export const rex = { __typename: 'Dog', id: 'd', name: 'Rex', size: 3 }
export const tweety = { __typename: 'Bird', id: 'b', name: null, size: 1 }
