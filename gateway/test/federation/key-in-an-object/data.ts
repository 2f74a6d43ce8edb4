export const accounts = [
  { id: '1', owner: { org: { code: 'x' }, name: 'Xenia' }, balance: 10 },
  { id: '1', owner: { org: { code: 'y' }, name: 'Yves' }, balance: 20 },
]

export const codeOf = (owner: unknown): string => {
  const { org } = Object(owner)
  return String(org?.code)
}
