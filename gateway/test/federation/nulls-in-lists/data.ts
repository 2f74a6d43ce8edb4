export const grid = [[{ id: '1' }, null, { id: '2' }], null, [], [null]]
