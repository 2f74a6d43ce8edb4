/** A subgraph that gave up before it began: nothing of its request succeeded. */
export const nothing = () =>
  Response.json({
    data: null,
    errors: [{ message: 'Later.', extensions: { code: 'RATE_LIMITED' } }],
  })
