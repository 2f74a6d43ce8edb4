export const ada = { __typename: 'Person', id: 'p1' }
export const club = { __typename: 'Club', id: 'c1' }
export const rex = { __typename: 'Dog', id: 'd1', owner: ada }
export const arena = { __typename: 'Horse', id: 'h1', owner: club }
