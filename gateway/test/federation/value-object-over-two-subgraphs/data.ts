export const ids = ['1', '2']
