export const users = [
  { id: '1', email: 'a@example.org', name: 'Ada' },
  { id: '2', email: 'b@example.org', name: 'Bob' },
]

export const byId = (id: unknown) => users.find((user) => user.id === id)
export const byEmail = (email: unknown) => users.find((user) => user.email === email)
