export const cart: string[] = []

export const users = {
  me: () => 'Ada',
  users: (_: unknown, { first }: { first: number }) => ['Ada', 'Bob', 'Cleo'].slice(0, first),
}
