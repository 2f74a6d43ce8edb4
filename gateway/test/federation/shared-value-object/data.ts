export const viewer = {
  name: 'Ada',
  email: 'ada@example.org',
  theme: { colour: 'blue', font: 'Inter' },
}
