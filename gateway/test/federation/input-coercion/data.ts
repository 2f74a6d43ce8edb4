/** What a subgraph understood of its arguments, so that a case can compare it. */
export const understood = (_: unknown, args: object) => JSON.stringify(args)
