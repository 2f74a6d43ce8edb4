export const page = { __typename: 'Page', id: 'p', url: '/p', title: 'Page' }
export const photo = { __typename: 'Photo', id: 'q', url: '/q', width: 3 }
export const note = { __typename: 'Note', id: 'n' }
