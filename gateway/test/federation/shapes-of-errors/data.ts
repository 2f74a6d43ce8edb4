/** What a subgraph may say in the place of errors that a specification would recognize. */
export const oddErrors: Readonly<Record<string, unknown>> = {
  coded: [{ message: 'Taken.', path: ['coded'], extensions: { code: 'CONFLICT', secret: 1 } }],
  placeless: [{ message: 'Somewhere.' }],
  astray: [{ message: 'Elsewhere.', path: ['nowhere', 3, 'at all'] }],
  deeper: [{ message: 'Deep.', path: ['deeper', 'inner', 0] }],
  odd: ['text', null, 7, [], { message: 'Odd.', path: 'odd', extensions: 'none' }],
  nameless: [{ path: ['nameless'] }],
  twice: [
    { message: 'One.', path: ['twice'] },
    { message: 'Two.', path: ['twice'] },
    { message: 'One.', path: ['twice'] },
  ],
}
