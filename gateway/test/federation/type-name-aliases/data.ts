export const ada = { __typename: 'Person', id: '1' }
export const rex = { __typename: 'Pet', id: '2' }
