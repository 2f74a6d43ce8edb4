export const rex = { __typename: 'Dog', id: 'd1', name: 'Rex', age: 3 }
export const tom = { __typename: 'Cat', id: 'c1', name: 'Tom', lives: 9 }
export const tweety = { __typename: 'Bird', id: 'b1', name: 'Tweety', wings: 2 }
