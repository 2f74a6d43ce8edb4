export const echo = (_: unknown, args: object) => JSON.stringify(args)
