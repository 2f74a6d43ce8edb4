export const echo = (_: unknown, { value }: { value?: unknown }) => value
